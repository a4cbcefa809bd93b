/**
 * After each message the position is that of its header. In a catch-up the store is far ahead of the events that have come; a
 * watch that is lost there goes on behind all that had not.
 */
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

async function* ahead(messages: AsyncIterable<Message>): AsyncIterable<Message> {
  for await (const message of messages) {
    yield message;
    if (message.kind === 'events') yield { ...message, kind: 'progress', items: [] };
  }
}

export const trustsHeaderRevision: Mutant = {
  name: 'trusts-header-revision',
  kind: 'known-bad',
  summary: 'a watch that is cut in the middle of a catch-up goes on after what it never got',
  corpus: 'R01',
  anchor: 'apache/apisix#13067',
  scenario: 'catch-up-cut',
  subject: 'no-lost-update',
  wrap: (seams) => withSource(seams, (source) => ({ watch: (from, signal) => ahead(source.watch(from, signal)) })),
};
