/** The cancel response of a compacted watch has no events; whoever trips over that ends the loop for good. */
import type { Mutant } from '../mutant.ts';
import { type Message, silence, withSource } from './with-source.ts';

export const watchCancelCrash: Mutant = {
  name: 'watch-cancel-crash',
  kind: 'known-bad',
  summary: 'a watch that etcd cancels for a compaction is never opened again',
  corpus: 'R04',
  anchor: 'apache/apisix#2680, apache/apisix#2687',
  scenario: 'compaction',
  subject: 'converge',
  wrap: (seams) =>
    withSource(seams, (source) => {
      let crashed = false;
      async function* until(messages: AsyncIterable<Message>, signal: AbortSignal): AsyncIterable<Message> {
        for await (const message of messages) {
          if (message.kind === 'canceled') crashed = true;
          if (crashed) return yield* silence(signal);
          yield message;
        }
      }
      return {
        watch: (from, signal) => (crashed ? silence(signal) : until(source.watch(from, signal), signal)),
      };
    }),
};
