import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { FaultCounters } from '../../../harness/model/etcd-link.ts';
import type { TrialRoutes } from '../../../harness/model/injector.ts';
import type { World } from '../../../harness/model/ports.ts';
import { playTurn } from '../../../harness/run/play-step.ts';
import type { Step } from '../../../scenarios/scenario.ts';
import { memoryRecorder } from '../../support/recorder.ts';

test('a step is healed when its time is over, also when memory was tidied up during a long injection', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const step: Step = { at: '0s', hold: '2s', fault: { kind: 'watch.delay', by: '1ms', share: 1 } };
  let faults: readonly FaultCounters[] = [];
  // A link that takes its time.
  const link = {
    async inject() {
      for (let times = 0; times < 3; times++) {
        await sleep(20);
        collectGarbage();
      }
      faults = [{ fault: step.fault as FaultCounters['fault'], hits: 1, open: 1, units: 1, bytes: 1 }];
    },
    counters: async () => ({ faults }),
    heal: async () => void (faults = []),
  };
  const recorder = memoryRecorder();
  const journal = { write: () => undefined };
  const stop = AbortSignal.timeout(10_000);
  const world = { link } as unknown as World;
  const stage = { world, routes: new Map() as unknown as TrialRoutes, recorder, journal, seed: 1 };
  await playTurn({ step, index: 0, turn: 1, turns: 1 }, stage, () => undefined, stop);
  const edges = recorder.history.map((line) => (line.kind === 'fault' ? line.edge : line.kind));
  expect(edges).toEqual(['inject', 'verified', 'heal', 'healed']);
  const [inject, , heal] = recorder.history.map(({ atMs }) => atMs);
  expect((heal ?? 0) - (inject ?? 0)).toBeGreaterThanOrEqual(1_990);
});
