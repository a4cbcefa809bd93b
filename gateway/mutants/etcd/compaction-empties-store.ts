/** The full read that follows a compaction is taken for an empty one. */
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

export const compactionEmptiesStore: Mutant = {
  name: 'compaction-empties-store',
  kind: 'known-bad',
  summary: 'after a compacted watch the configuration is rebuilt from nothing',
  corpus: 'R03',
  anchor: 'apache/apisix#8682',
  scenario: 'compaction',
  subject: 'serve-last-good',
  wrap: (seams) =>
    withSource(seams, (source) => {
      let compacted = false;
      async function* noting(messages: AsyncIterable<Message>): AsyncIterable<Message> {
        for await (const message of messages) {
          if (message.compactRevision > 0n) compacted = true;
          yield message;
        }
      }
      return {
        async snapshot() {
          const snapshot = await source.snapshot();
          return compacted ? { ...snapshot, items: [] } : snapshot;
        },
        watch: (from, signal) => noting(source.watch(from, signal)),
      };
    }),
};
