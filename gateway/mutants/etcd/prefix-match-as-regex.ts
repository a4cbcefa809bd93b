/** Events are filtered by a pattern made of the prefix, in which a hyphen means something else. */
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

export const prefixMatchAsRegex: Mutant = {
  name: 'prefix-match-as-regex',
  kind: 'known-bad',
  summary: 'changes under a prefix with a hyphen are never seen after the first read',
  corpus: 'R05',
  anchor: 'apache/apisix#9951',
  scenario: 'odd-prefix',
  subject: 'converge',
  wrap: (seams) =>
    withSource(seams, (source, { prefix }) => {
      // As Lua reads it, in which `a-` is as few of `a` as will do: the hyphen itself is never met.
      const pattern = new RegExp(`^${prefix.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(/-+/g, '*?')}`);
      async function* filtered(messages: AsyncIterable<Message>): AsyncIterable<Message> {
        for await (const message of messages)
          yield { ...message, items: message.items.filter(({ key }) => pattern.test(key)) };
      }
      return { watch: (from, signal) => filtered(source.watch(from, signal)) };
    }),
};
