/** A watch that etcd or the network ends is taken for one that waits. */
import type { Mutant } from '../mutant.ts';
import { type Message, silence, withSource } from './with-source.ts';

export const watchDiesOnce: Mutant = {
  name: 'watch-dies-once',
  kind: 'known-bad',
  summary: 'after the first lost connection nothing is watched any more',
  corpus: 'R19',
  anchor: 'traefik/traefik#566, traefik/traefik#6832',
  scenario: 'watch-cut',
  subject: 'converge',
  wrap: (seams) =>
    withSource(seams, (source) => {
      let dead = false;
      async function* once(messages: AsyncIterable<Message>, signal: AbortSignal): AsyncIterable<Message> {
        try {
          yield* messages;
        } catch {
          // What ended it does not matter to this build.
        }
        dead = !signal.aborted;
        if (dead) yield* silence(signal);
      }
      return { watch: (from, signal) => (dead ? silence(signal) : once(source.watch(from, signal), signal)) };
    }),
};
