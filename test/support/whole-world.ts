/** A whole world as a trial has it: etcd, link, upstream and the reference gateway, with what a timeline needs. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { injectorOf } from '../../harness/faults/index.ts';
import { reference } from '../../harness/gateways/reference.ts';
import { keepTable } from '../../harness/load/kept-table.ts';
import { seedTable } from '../../harness/load/seed-table.ts';
import { parseBuild } from '../../harness/model/build.ts';
import type { FaultContext, TrialRoutes } from '../../harness/model/injector.ts';
import type { Runtime, World } from '../../harness/model/ports.ts';
import { RouteTable } from '../../harness/model/route-table.ts';
import { deploy } from '../../harness/run/deploy.ts';
import { type ToxiproxyFound, hurtHops } from '../../harness/run/network.ts';
import { trialRoutes } from '../../harness/run/trial-routes.ts';
import { type ProcessRuntimeOptions, processRuntime } from '../../harness/runtimes/process.ts';
import { obtainToxiproxy } from '../../harness/tools/toxiproxy.ts';
import type { EtcdSettings, Fault, Step } from '../../scenarios/scenario.ts';
import { none } from '../../scenarios/steady/none.ts';
import { healWithinMs } from './played-fault.ts';
import { etcdBinary } from './etcd.ts';
import { until } from './http.ts';
import { type MemoryRecorder, memoryRecorder } from './recorder.ts';

export interface WholeWorld extends AsyncDisposable {
  readonly world: World;
  readonly runId: string;
  /** Its routes, for faults that change them. */
  readonly routes: TrialRoutes;
  readonly recorder: MemoryRecorder;
}

/** What the table of a whole world has beyond two settled routes. */
export interface WholeTable {
  readonly ballast?: number;
  readonly static?: number;
}

let worlds = 0;
const never = new AbortController().signal;

/** It serves `/settled/0` when it resolves. */
export async function startWholeWorld(
  faults: readonly Fault[] = [],
  variant = '',
  etcd: EtcdSettings = {},
  runtimeOf: (options: ProcessRuntimeOptions) => Runtime = processRuntime,
  { ballast = 0, static: fixed = 0 }: WholeTable = {},
): Promise<WholeWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-whole-'));
  const runId = `test-whole-${process.pid}-${worlds++}`;
  const timeline = faults.map((fault): Step => ({ at: '0s', hold: '1s', fault }));
  const [build, production] = [parseBuild(`reference@.${variant}`), parseBuild('reference@.')];
  if (build === undefined || production === undefined) throw new Error('there is a reference gateway');
  const counts = { settled: 2 + fixed, ballast, static: fixed };
  const scenario = { ...none, etcd, table: counts, gateway: { workers: 2, watchTimeout: '10s' }, timeline } as const;
  const runtime = runtimeOf({ runId, logs: path.join(folder, 'logs'), onLaunch: () => undefined });
  const programs = { etcd: await etcdBinary(), etcdutl: undefined, previous: undefined };
  const deployment = { build, production, driver: reference, scenario, runtime, programs, folder, scratch: folder };
  await using undo = new AsyncDisposableStack();
  undo.defer(() => rmSync(folder, { recursive: true }));
  undo.use(runtime);
  const deployed = undo.use(await deploy({ ...deployment, toxiproxy: await toxiproxyFor(timeline) }, never));
  const [table, recorder] = [new RouteTable({ ...counts, probes: 0 }), memoryRecorder()];
  const world: World = { ...deployed, kept: keepTable(deployed, table, recorder) };
  await seedTable(world, table, never);
  await until(() => world.gateway.ready(never), 'the gateway is ready');
  const owned = undo.move();
  const routes = trialRoutes(table, recorder);
  return { world, runId, routes, recorder, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

async function toxiproxyFor(timeline: readonly Step[]): Promise<ToxiproxyFound> {
  if (hurtHops({ timeline }).size === 0) return { why: 'not needed' };
  return obtainToxiproxy(() => undefined).catch(({ message }: Error) => ({ why: message }));
}

export interface Played {
  readonly proof: string;
  /** Twice, since healing what is healed must change nothing; the proof of the second. */
  heal(): Promise<string>;
}

/** However short the hold: how soon a proof comes is not what is asked here. */
const provenWithinMs = 60_000;

/** Injects the fault and waits for its proof, as a trial does. */
export async function play(
  fault: Fault,
  world: World,
  step = 0,
  holdMs = 60_000,
  routes?: TrialRoutes,
): Promise<Played> {
  const own = routes === undefined ? {} : { routes };
  const context: FaultContext = { seed: 1, step, holdMs, signal: AbortSignal.timeout(provenWithinMs), ...own };
  const injector = injectorOf(fault);
  const unsupported = injector.unsupported(fault, world);
  if (unsupported !== undefined) throw new Error(unsupported);
  const healed = async (): Promise<string> => {
    const healing = { ...context, signal: AbortSignal.timeout(healWithinMs) };
    await injector.heal(fault, world, healing);
    return injector.verifyHealed(fault, world, healing);
  };
  // One that is not confirmed must not break the tests behind it.
  await using undo = new AsyncDisposableStack();
  undo.defer(() => healed().then(() => undefined));
  await injector.prepare(fault, world, context);
  const before = await injector.inject(fault, world, context);
  const proof = await injector.verify(fault, world, before, context);
  undo.move();
  return {
    proof,
    async heal() {
      await healed();
      return healed();
    },
  };
}
