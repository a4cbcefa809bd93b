/** A watch that is refused is opened again at once. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

export const retryImmediatelyOn429: Mutant = {
  name: 'retry-immediately-on-429',
  kind: 'known-bad',
  summary: 'watches that etcd refuses for overload are opened again without a pause',
  corpus: 'R27',
  anchor: 'etcd-io/etcd#16287, apache/apisix#11674',
  scenario: 'etcd-errors',
  subject: 'bounded-pressure',
  wrap: (seams) =>
    withSource(seams, (source) => ({
      async *watch(from, signal): AsyncIterable<Message> {
        let next = from;
        while (!signal.aborted) {
          try {
            for await (const message of source.watch(next, signal)) {
              yield message;
              const last = message.items.at(-1);
              if (last !== undefined) next = last.modRevision + 1n;
            }
          } catch {
            await nextTurn();
          }
        }
      },
    })),
};
