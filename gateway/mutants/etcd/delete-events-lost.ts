/** Events that take something away are lost on the way. */
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

async function* putsOf(messages: AsyncIterable<Message>): AsyncIterable<Message> {
  for await (const message of messages)
    yield { ...message, items: message.items.filter(({ value }) => value !== undefined) };
}

export const deleteEventsLost: Mutant = {
  name: 'delete-events-lost',
  kind: 'known-bad',
  summary: 'deleted routes are served on until the next full read',
  corpus: 'R22',
  anchor: 'etcd-io/etcd#18089, etcd-io/etcd#19179',
  scenario: 'watch-cut',
  subject: 'no-lost-update',
  wrap: (seams) => withSource(seams, (source) => ({ watch: (from, signal) => putsOf(source.watch(from, signal)) })),
};
