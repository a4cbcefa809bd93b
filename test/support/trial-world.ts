/** The parts of a world that writer, probes and storms need: a real etcd and the reference driver, no gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { reference } from '../../harness/gateways/reference.ts';
import type { Instance, World } from '../../harness/model/ports.ts';
import { processRuntime } from '../../harness/runtimes/process.ts';
import { startEtcd } from './etcd.ts';

export interface TrialWorld extends AsyncDisposable {
  readonly world: World;
  readonly runId: string;
}

let worlds = 0;

export async function startTrialWorld(): Promise<TrialWorld> {
  const etcd = await startEtcd();
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-world-'));
  const runId = `test-world-${process.pid}-${worlds++}`;
  const runtime = processRuntime({ runId, logs: folder, onLaunch: () => undefined });
  const instances = new Map<string, Instance>();
  const stop = async (name: string): Promise<void> => {
    const instance = instances.get(name);
    instances.delete(name);
    await instance?.[Symbol.asyncDispose]();
  };
  const parts = {
    etcd: etcd.url,
    prefix: '/apisix',
    driver: reference,
    upstream: new URL('http://127.0.0.1:9'),
    folder,
    stop,
    running: (name: string) => instances.has(name),
    signal: (name: string, signal: NodeJS.Signals) => instances.get(name)?.signal(signal),
    async launch(workload: Parameters<World['launch']>[0], signal: AbortSignal) {
      const instance = await runtime.launch(workload, signal);
      instances.set(workload.name, instance);
      return instance;
    },
  };
  return {
    runId,
    // The rest of a world (gateway, link) is not there; what needs it is tested end to end.
    world: parts as unknown as World,
    async [Symbol.asyncDispose]() {
      await Promise.all([...instances.keys()].map(stop));
      await etcd[Symbol.asyncDispose]();
      rmSync(folder, { recursive: true });
    },
  };
}
