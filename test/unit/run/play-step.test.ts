import { setTimeout as sleep } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { doingOfGateway, wordsOf } from '../../../harness/model/errors.ts';
import type { FaultCounters } from '../../../harness/model/etcd-link.ts';
import type { TrialRoutes } from '../../../harness/model/injector.ts';
import type { World } from '../../../harness/model/ports.ts';
import { playTurn } from '../../../harness/run/play-step.ts';
import type { Step } from '../../../scenarios/scenario.ts';
import { type TestServer, startRawServer, startServer } from '../../support/http.ts';
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

const answers = (): Promise<TestServer> => startServer((_request, response) => response.end());
const hangs = (): Promise<TestServer> => startRawServer(() => undefined);
const hangsUp = (): Promise<TestServer> => startRawServer((socket) => socket.destroy());
const never = new AbortController().signal;

test.each<[string, () => Promise<TestServer>, AbortSignal, string | undefined]>([
  ['an Admin API that does not answer', hangs, never, 'routes.block: The operation was aborted due to timeout'],
  ['an Admin API that hangs up', hangsUp, never, 'routes.block: fetch failed'],
  ['the end of the trial', hangsUp, AbortSignal.abort(new Error('the trial is over')), undefined],
  ['an etcd that is not there', answers, never, undefined],
])('what the gateway does by itself is blamed on it, and nothing else is: %s', async (_what, start, stop, blamed) => {
  await using admin = await start();
  await using gone = await answers();
  await gone[Symbol.asyncDispose]();
  const [url, etcd] = [admin, gone].map(({ port }) => new URL(`http://127.0.0.1:${port}`));
  const world = { gateway: { admin: { url, key: 'x' }, traffic: url }, members: [{ client: etcd }] };
  const routes = {
    ballast: [{ id: 'ballast-0', path: '/ballast/0', seq: 0 }],
    fixed: [],
    write: async (_route: string, _seq: unknown, change: () => Promise<string>) => void (await change()),
  };
  const stage = {
    world: world as unknown as World,
    routes: routes as unknown as TrialRoutes,
    recorder: memoryRecorder(),
    journal: { write: () => undefined },
    seed: 1,
  };
  const turn = { step: { ...step, fault: { kind: 'routes.block', routes: 1 } }, index: 0, turn: 1, turns: 1 } as const;
  const error = await playTurn(turn, stage, () => undefined, stop).then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(error).toBeInstanceOf(Error);
  expect(doingOfGateway(error), wordsOf(error)).toBe(blamed);
});
