/**
 * The pod of one trial: a container that does nothing but hold a network, which all other containers of the trial share. So
 * they speak to each other by 127.0.0.1, as processes of one host do; and each port of the pool is published at 127.0.0.1
 * of this host under its own number, so that every address is the same inside and outside.
 */
import { rmSync } from 'node:fs';
import { connect } from 'node:net';
import path from 'node:path';
import { type Engine, asked } from '../../containers/engine.ts';
import { removeContainer, removeNetwork, runOf } from '../../containers/leftovers.ts';
import { HarnessError } from '../../model/errors.ts';
import { logTail } from '../log-tail.ts';
import { startContainer } from './container.ts';
import { runIn } from './exec.ts';
import type { Port } from './port-pool.ts';

export interface Pod extends AsyncDisposable {
  readonly id: string;
  readonly seesRefusals: boolean;
  /** Has its shell run a script; resolves with what that printed. */
  readonly run: (script: string, signal?: AbortSignal) => Promise<string>;
}

export interface PodSettings {
  readonly engine: Engine;
  readonly runId: string;
  readonly image: string;
  /** Folder for `pod.log`. */
  readonly logs: string;
  readonly ports: readonly Port[];
  /** A published port on which nobody listens yet. */
  readonly nobody: number;
}

/** Once it has its network, its only work is one rule. Milliseconds. */
const readyWithinMs = 10_000;
/** A connection to nobody ends at once, one way or the other. Milliseconds. */
const endsWithinMs = 2_000;

let pods = 0;

/** Whatever is published arrives at the pod's own 127.0.0.1 when it resolves. */
export async function startPod({ engine, runId, image, logs, ports, nobody }: PodSettings): Promise<Pod> {
  const name = `gatecrash-${runId}-${pods++}`;
  const labels = { [runOf]: runId };
  await using undo = new AsyncDisposableStack();
  const network = await asked('make a network', engine.docker.createNetwork({ Name: name, Labels: labels }));
  undo.defer(() => removeNetwork(engine, network.id));
  const keys = ports.map(({ port, protocol }) => [`${port}/${protocol}`, String(port)] as const);
  const settings = {
    name: `${name}-pod`,
    Image: image,
    Labels: labels,
    ExposedPorts: Object.fromEntries(keys.map(([key]) => [key, {}])),
    HostConfig: {
      NetworkMode: name,
      PortBindings: Object.fromEntries(keys.map(([key, HostPort]) => [key, [{ HostIp: '127.0.0.1', HostPort }]])),
      // For its one rule; nothing else of the trial may do as much.
      CapDrop: ['ALL'],
      CapAdd: ['NET_ADMIN', 'NET_RAW'],
      Sysctls: { 'net.ipv4.conf.all.route_localnet': '1' },
      ReadonlyRootfs: true,
      Tmpfs: { '/run': '' },
      LogConfig: { Type: 'none', Config: {} },
    },
  };
  const log = path.join(logs, 'pod.log');
  // What an earlier pod said there is no word of this one.
  rmSync(log, { force: true });
  const { id, container, ended } = await startContainer(engine, 'the pod', settings, log);
  undo.defer(() => removeContainer(engine, id));
  const failed = ended.then((how) => {
    throw new HarnessError('PROCESS_DIED', `the pod ended with ${how}; its last lines:\n${logTail(log, 8)}`);
  });
  failed.catch(() => undefined);
  const seesRefusals = await Promise.race([untilReady(nobody, log), failed]);
  const owned = undo.move();
  return {
    id,
    seesRefusals,
    run: (script, signal) => runIn(engine, container, 'run a script in the pod', ['/bin/sh', '-c', script], signal),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Its rule stands when it says so. What a connection to nobody comes to then tells whether a proxy stands between. */
async function untilReady(nobody: number, log: string): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs;
  while (!logTail(log, 1).includes('ready')) {
    if (performance.now() > deadline)
      throw new HarnessError('ENGINE_FAILED', `the pod is not ready within ${readyWithinMs} ms:\n${logTail(log, 8)}`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  return isRefused(nobody);
}

function isRefused(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').setTimeout(endsWithinMs).resume();
  return new Promise<boolean>((resolve) => {
    socket.once('error', ({ code }: NodeJS.ErrnoException) => resolve(code === 'ECONNREFUSED'));
    socket.once('end', () => resolve(false));
    socket.once('timeout', () => resolve(false));
  }).finally(() => socket.destroy());
}
