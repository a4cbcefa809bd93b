/** An idle watch that times out counts as a failure of its endpoint, which is then left alone for a while. */
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

const usual = 3_000;

export const watchTimeoutMarksUnhealthy: Mutant = {
  name: 'watch-timeout-marks-unhealthy',
  kind: 'known-bad',
  summary: 'after a quiet watch there is no healthy etcd endpoint for some seconds',
  corpus: 'R16',
  anchor: 'api7/lua-resty-etcd#205, apache/apisix#9235',
  scenario: 'idle-watch',
  subject: 'write-visible-delay',
  dose: { unit: 'milliseconds without etcd', usual },
  wrap: (seams, forMs = usual) =>
    withSource(seams, (source) => {
      let unhealthyUntil = 0;
      const healthy = (): void => {
        if (performance.now() < unhealthyUntil) throw new Error('has no healthy etcd endpoint available');
      };
      async function* watched(from: bigint, signal: AbortSignal): AsyncIterable<Message> {
        healthy();
        yield* source.watch(from, signal);
        if (signal.aborted) unhealthyUntil = performance.now() + forMs;
      }
      return {
        watch: watched,
        async snapshot() {
          healthy();
          return source.snapshot();
        },
      };
    }),
};
