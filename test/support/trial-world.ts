/** The parts of a world that writer, probes and faults on etcd need: a real etcd and the reference driver, no gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { untilServing } from '../../harness/faults/etcd-client.ts';
import { reference } from '../../harness/gateways/reference.ts';
import type { World } from '../../harness/model/ports.ts';
import { etcdWorkload } from '../../harness/run/etcd-workload.ts';
import { Workloads } from '../../harness/run/workloads.ts';
import { processRuntime } from '../../harness/runtimes/process.ts';
import { etcdBinary } from './etcd.ts';

export interface TrialWorld extends AsyncDisposable {
  readonly world: World;
  readonly runId: string;
}

const startsWithinMs = 10_000;
let worlds = 0;

export async function startTrialWorld(): Promise<TrialWorld> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-world-'));
  const runId = `test-world-${process.pid}-${worlds++}`;
  const runtime = processRuntime({ runId, logs: folder, onLaunch: () => undefined });
  const workloads = new Workloads(runtime);
  const etcd = new URL(`http://127.0.0.1:${await runtime.freePort()}`);
  const starting = AbortSignal.timeout(startsWithinMs);
  const workload = etcdWorkload(await etcdBinary(), path.join(folder, 'etcd'), etcd, await runtime.freePort());
  await workloads.launch(workload, starting);
  await untilServing(etcd, starting);
  const upstream = new URL('http://127.0.0.1:9');
  const parts = {
    etcd,
    prefix: '/apisix',
    driver: reference,
    upstream,
    folder,
    ...workloads.controls,
  };
  return {
    runId,
    // The rest of a world (gateway, link) is not there; what needs it is tested end to end.
    world: parts as unknown as World,
    async [Symbol.asyncDispose]() {
      await workloads[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}
