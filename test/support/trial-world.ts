/** The parts of a world that writer, probes and faults on etcd need: a real etcd and the reference driver, no gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { untilServing } from '../../harness/faults/etcd-client.ts';
import { reference } from '../../harness/gateways/reference.ts';
import { keepTable } from '../../harness/load/kept-table.ts';
import type { EtcdPrograms } from '../../harness/model/etcd.ts';
import type { World } from '../../harness/model/ports.ts';
import { RouteTable } from '../../harness/model/route-table.ts';
import { askForLogin, launchMembers, planEtcd } from '../../harness/run/etcd-cluster.ts';
import { Workloads } from '../../harness/run/workloads.ts';
import { processRuntime } from '../../harness/runtimes/process.ts';
import type { EtcdSettings } from '../../scenarios/scenario.ts';
import { etcdBinary } from './etcd.ts';
import { type MemoryRecorder, memoryRecorder } from './recorder.ts';

export interface TrialWorld extends AsyncDisposable {
  readonly world: World;
  readonly runId: string;
  /** What `world.kept` keeps; nobody has written it to etcd. */
  readonly table: RouteTable;
  readonly recorder: MemoryRecorder;
}

export interface TrialWorldOptions extends EtcdSettings {
  readonly programs?: Partial<EtcdPrograms>;
  /** Begin with this etcd; with that of `programs` by default. */
  readonly command?: string;
}

const startsWithinMs = 45_000;
let worlds = 0;

export async function startTrialWorld(options: TrialWorldOptions = {}): Promise<TrialWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-world-'));
  const runId = `test-world-${process.pid}-${worlds++}`;
  const runtime = processRuntime({ runId, logs: folder, onLaunch: () => undefined });
  const workloads = new Workloads(runtime);
  const starting = AbortSignal.timeout(startsWithinMs);
  const programs = { etcd: await etcdBinary(), etcdutl: undefined, previous: undefined, ...options.programs };
  const { entry, gatewayUser, etcdCa } = await planEtcd(options, folder, runtime);
  await launchMembers(entry.members, { command: options.command ?? programs.etcd }, workloads.launch, starting);
  await untilServing({ ...entry, root: undefined }, starting);
  if (gatewayUser !== undefined) await askForLogin(entry, '/apisix');
  const upstream = new URL('http://127.0.0.1:9');
  const parts = {
    ...entry,
    programs,
    gatewayUser,
    etcdCa,
    prefix: '/apisix',
    driver: reference,
    upstream,
    folder,
    seesRefusals: true,
    ...workloads.controls,
  };
  const [table, recorder] = [new RouteTable({ settled: 3, ballast: 0, probes: 5 }), memoryRecorder()];
  return {
    runId,
    table,
    recorder,
    // The rest of a world (gateway, link) is not there; what needs it is tested end to end.
    world: { ...parts, kept: keepTable(parts, table, recorder) } as unknown as World,
    async [Symbol.asyncDispose]() {
      await workloads[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The same world, with another etcd in the place of its own. */
export function worldAt(world: World, etcd: URL): World {
  return { ...world, etcd, members: [{ ...world.members[0], client: etcd }] };
}
