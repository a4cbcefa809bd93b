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

const step: Step = { at: '0s', hold: '2s', fault: { kind: 'watch.delay', by: '1ms', share: 1 } };

/** Milliseconds from the injection to the heal, with a link that does `injecting` meanwhile. */
async function heldFor(injecting: () => Promise<void>, untilProven?: boolean): Promise<number> {
  let faults: readonly FaultCounters[] = [];
  const link = {
    async inject() {
      await injecting();
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
  const turn = { step, index: 0, turn: 1, turns: 1, ...(untilProven === undefined ? {} : { untilProven }) };
  await playTurn(turn, stage, () => undefined, stop);
  const edges = recorder.history.map((line) => (line.kind === 'fault' ? line.edge : line.kind));
  expect(edges).toEqual(['inject', 'verified', 'heal', 'healed']);
  const [inject, , heal] = recorder.history.map(({ atMs }) => atMs);
  return (heal ?? 0) - (inject ?? 0);
}

test('a step is healed when its time is over, also when memory was tidied up during a long injection', async () => {
  setFlagsFromString('--expose-gc');
  const collectGarbage = runInNewContext('gc') as () => void;
  const injecting = async (): Promise<void> => {
    for (let times = 0; times < 3; times++) {
      await sleep(20);
      collectGarbage();
    }
  };
  expect(await heldFor(injecting)).toBeGreaterThanOrEqual(1_990);
});

test('a step that is there until it is proven is healed then', async () => {
  expect(await heldFor(async () => undefined, true)).toBeLessThan(1_990);
});
