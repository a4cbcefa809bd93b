/** A lower revision asks for a full read, but the highest one is kept to compare with: each event asks for another. */
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

export const resyncLoopOnLowerRevision: Mutant = {
  name: 'resync-loop-on-lower-revision',
  kind: 'known-bad',
  summary: 'after etcd was restored to an older state, every event is answered by a full read',
  corpus: 'R10',
  anchor: 'apache/apisix#12021',
  scenario: 'etcd-restored',
  subject: 'bounded-pressure',
  wrap: (seams) =>
    withSource(seams, (source) => {
      let highest = 0n;
      async function* comparing(messages: AsyncIterable<Message>): AsyncIterable<Message> {
        for await (const message of messages) {
          const { revision } = message.position;
          if (message.kind !== 'created' && revision < highest) {
            // What the sync loop answers with a new snapshot.
            yield { ...message, kind: 'canceled', items: [], compactRevision: revision };
            return;
          }
          if (revision > highest) highest = revision;
          yield message;
        }
      }
      return { watch: (from, signal) => comparing(source.watch(from, signal)) };
    }),
};
