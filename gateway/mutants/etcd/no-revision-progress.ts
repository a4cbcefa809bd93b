/** Only events of the own prefix move the position; while others write and etcd compacts, it is left behind. */
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

async function* withoutProgress(messages: AsyncIterable<Message>): AsyncIterable<Message> {
  for await (const message of messages) yield message.kind === 'progress' ? { ...message, kind: 'alive' } : message;
}

export const noRevisionProgress: Mutant = {
  name: 'no-revision-progress',
  kind: 'known-bad',
  summary: 'progress notifications are ignored, so an idle prefix is read in full after each compaction',
  corpus: 'R02',
  anchor: 'apache/apisix#12514',
  scenario: 'idle-prefix',
  subject: 'bounded-pressure',
  wrap: (seams) =>
    withSource(seams, (source) => ({ watch: (from, signal) => withoutProgress(source.watch(from, signal)) })),
};
