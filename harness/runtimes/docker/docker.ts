/**
 * Workloads as containers, of which all of a trial share the network of one pod. Each carries the run's id as a label and
 * in its environment, so that whatever is left can be found and removed without remembering it.
 */
import { existsSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import type { Engine } from '../../containers/engine.ts';
import { runOf } from '../../containers/leftovers.ts';
import { HarnessError } from '../../model/errors.ts';
import { ownImages } from '../../model/images.ts';
import type { ImageRun, Runtime, Workload } from '../../model/ports.ts';
import { fileLimit } from '../file-limit.ts';
import type { ProcessRuntimeOptions } from '../process.ts';
import { runLabel } from '../residue.ts';
import { type ContainerSettings, startContainer } from './container.ts';
import { Containers } from './containers.ts';
import { containerCpuLimit } from './cpu-limit.ts';
import { podFirewall } from './firewall.ts';
import { type ContainerInstance, instanceOf } from './instance.ts';
import { containerMemoryLimit } from './memory-limit.ts';
import { type Pod, startPod } from './pod.ts';
import { PortPool } from './port-pool.ts';

export interface DockerRuntimeOptions extends ProcessRuntimeOptions {
  readonly engine: Engine;
  /** References of images of ours, by their names; any other name is a reference itself. */
  readonly images: ReadonlyMap<string, string>;
}

const whyUnseen = 'this host does not see the processes of the containers';

export function dockerRuntime(options: DockerRuntimeOptions): Runtime {
  mkdirSync(options.logs, { recursive: true });
  const { engine, logs } = options;
  const pool = new PortPool(options.laterPorts);
  const containers = new Containers();
  const launching = new Set<Promise<unknown>>();
  let started: Promise<Pod> | undefined;
  const pod = (): Promise<Pod> => {
    started ??= startPodOf(options, pool);
    return started;
  };
  return {
    kind: 'docker',
    freePort: (protocol) => pool.take(protocol),
    cpuLimit: containerCpuLimit(engine, containers.running),
    memoryLimit: containerMemoryLimit(engine, containers.running),
    fileLimit: fileLimit(() => (containers.someUnseen() ? whyUnseen : undefined)),
    firewall: podFirewall(async (script, signal) => (await pod()).run(script, signal)),
    async launch(workload, signal) {
      signal.throwIfAborted();
      const launched = launch(workload);
      launching.add(launched);
      return launched.finally(() => launching.delete(launched));
    },
    seesRefusals: async () => (await pod()).seesRefusals,
    async [Symbol.asyncDispose]() {
      // A trial that ends while containers start has no hold of them yet.
      await Promise.allSettled(launching);
      await containers[Symbol.asyncDispose]();
      // One that could not be started has left nothing, and was told of.
      await (await started?.catch(() => undefined))?.[Symbol.asyncDispose]();
      await pool.letGo();
    },
  };

  async function launch(workload: Workload): Promise<ContainerInstance> {
    const { name, image } = workload;
    if (image === undefined)
      throw new HarnessError('IMAGE_NOT_FOUND', `${name} comes in no image: it is run by processes only`, {
        hint: 'leave --runtime docker out',
      });
    const settings = settingsOf(workload, image, (await pod()).id, options);
    const log = path.join(logs, `${name}.log`);
    const container = await startContainer(engine, name, settings, log);
    options.onLaunch(name, container.pid);
    const instance = instanceOf(engine, name, container, log, containers.ends);
    containers.add(instance);
    return instance;
  }
}

async function startPodOf({ engine, runId, logs, images }: DockerRuntimeOptions, pool: PortPool): Promise<Pod> {
  const image = images.get(ownImages.pod) ?? ownImages.pod;
  const ports = await pool.publish();
  const nobody = ports.findLast(({ protocol }) => protocol === 'tcp')?.port ?? 0;
  return startPod({ engine, runId, image, logs, ports, nobody });
}

function settingsOf(
  { name, env, cwd }: Workload,
  { name: wanted, args, mounts = [] }: ImageRun,
  pod: string,
  { engine, runId, images }: DockerRuntimeOptions,
): ContainerSettings {
  const own = images.get(wanted);
  for (const file of mounts)
    if (!existsSync(file)) throw new HarnessError('PROCESS_DIED', `${name} could not be started: there is no ${file}`);
  return {
    Image: own ?? wanted,
    ...(args === undefined ? {} : { Cmd: [...args] }),
    Env: Object.entries({ ...env, [runLabel]: runId }).map(([key, value]) => `${key}=${value}`),
    Labels: { [runOf]: runId, 'gatecrash.workload': name },
    // Its own look at itself would be work that is measured with the trial.
    Healthcheck: { Test: ['NONE'] },
    ...(cwd === undefined ? {} : { WorkingDir: cwd }),
    // What it shares with the harness belongs to whoever runs that. Images of others may rely on a user of their own.
    ...(own === undefined || mounts.length === 0 ? {} : { User: userHere(engine) }),
    HostConfig: {
      NetworkMode: `container:${pod}`,
      Binds: [...new Set(mounts)].map((file) => `${file}:${file}`),
      LogConfig: { Type: 'none', Config: {} },
      SecurityOpt: ['no-new-privileges'],
      // Ours need no more; of others nobody knows.
      ...(own === undefined ? {} : { CapDrop: ['ALL'], ReadonlyRootfs: true, Tmpfs: { '/tmp': '' } }),
    },
  };
}

/** In a rootless engine the root of a container is the user of this process. */
function userHere({ rootless }: Engine): string {
  return rootless ? '0:0' : `${process.getuid?.() ?? 0}:${process.getgid?.() ?? 0}`;
}
