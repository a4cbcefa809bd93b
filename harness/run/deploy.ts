/** Puts up all that one trial runs against: a fresh etcd, the etcd link, echo upstreams and one gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../scenarios/scenario.ts';
import { connectLink } from '../etcd-link/client.ts';
import { linkWorkload } from '../etcd-link/workload.ts';
import type { Build } from '../model/build.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { GatewayDriver, Instance, Runtime, Workload, World } from '../model/ports.ts';
import { upstreamWorkload } from '../upstream/workload.ts';
import { waitUntil } from './wait.ts';

const prefix = '/apisix';
const readyWithinMs = 15_000;

export interface Deployment {
  readonly build: Build;
  readonly driver: GatewayDriver;
  readonly scenario: Scenario;
  readonly runtime: Runtime;
  /** Path of the etcd binary. */
  readonly etcd: string;
  /** Folder of the trial's evidence. */
  readonly folder: string;
  /** Parent of the etcd data folder; removed with the run, or by `gatecrash clean`. */
  readonly scratch: string;
}

/** Everything is up and answers when it resolves. What was started is ended when it rejects. */
export async function deploy(deployment: Deployment, signal: AbortSignal): Promise<World> {
  await using undo = new AsyncDisposableStack();
  const { runtime } = deployment;
  const data = mkdtempSync(path.join(deployment.scratch, 'etcd-'));
  undo.defer(() => rmSync(data, { recursive: true, force: true }));
  const instances = new Map<string, Instance>();
  const stop = async (name: string): Promise<void> => {
    const instance = instances.get(name);
    instances.delete(name);
    await instance?.[Symbol.asyncDispose]();
  };
  const launch = async (workload: Workload, signal: AbortSignal): Promise<Instance> => {
    const instance = await runtime.launch(workload, signal);
    instances.set(workload.name, instance);
    return instance;
  };
  // Registered before the first launch, so that whatever runs by then is ended, also what is launched later.
  undo.defer(async () => void (await Promise.all([...instances.keys()].map(stop))));

  const { etcd, link, upstream } = await addresses(runtime);
  const { workers, watchTimeout } = deployment.scenario.gateway;
  const settings = { etcd: link.traffic, prefix, workers, watchTimeoutMs: milliseconds(watchTimeout) };
  // All at once: a gateway has to bear an etcd that comes up a moment later than itself.
  const [gateway] = await Promise.all([
    deployment.driver.launch(deployment.build, settings, { ...runtime, launch }, signal),
    launch(etcdWorkload(deployment.etcd, data, etcd, await runtime.freePort()), signal),
    launch(linkWorkload({ listen: link.traffic, control: link.control, upstream: etcd }), signal),
    launch(upstreamWorkload({ listen: upstream }), signal),
  ]);
  await Promise.race([allAnswer({ etcd, link, upstream }, signal), ...[...instances.values()].map(({ died }) => died)]);

  const linked = undo.use(connectLink(link.control, link.traffic));
  const owned = undo.move();
  return {
    etcd,
    prefix,
    upstream,
    gateway,
    link: linked,
    driver: deployment.driver,
    folder: deployment.folder,
    instances: [...instances.values()],
    launch,
    stop,
    signal: (name, signal) => instances.get(name)?.signal(signal),
    running: (name) => instances.has(name),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

interface Addresses {
  readonly etcd: URL;
  readonly link: { readonly traffic: URL; readonly control: URL };
  readonly upstream: URL;
}

async function addresses(runtime: Runtime): Promise<Addresses> {
  const address = async (): Promise<URL> => new URL(`http://127.0.0.1:${await runtime.freePort()}`);
  return {
    etcd: await address(),
    link: { traffic: await address(), control: await address() },
    upstream: await address(),
  };
}

function etcdWorkload(command: string, data: string, client: URL, peerPort: number): Workload {
  const peer = `http://127.0.0.1:${peerPort}`;
  const args = [
    '--name=etcd',
    `--data-dir=${data}`,
    `--listen-client-urls=${client.origin}`,
    `--advertise-client-urls=${client.origin}`,
    `--listen-peer-urls=${peer}`,
    `--initial-advertise-peer-urls=${peer}`,
    `--initial-cluster=etcd=${peer}`,
    // A single member has nobody to wait for: shorter elections only make it start sooner.
    '--heartbeat-interval=50',
    '--election-timeout=300',
    '--log-level=warn',
  ];
  return { name: 'etcd', command, args, env: {} };
}

/** etcd, link and upstream answer each on its own address. */
async function allAnswer({ etcd, link, upstream }: Addresses, signal: AbortSignal): Promise<void> {
  const pages = [new URL('/health', etcd), new URL('/counters', link.control), new URL('/_witness', upstream)];
  await Promise.all(
    pages.map((page) => {
      const what = `no good answer from ${page.href}`;
      return waitUntil(
        { what, code: 'ETCD_NOT_READY', withinMs: readyWithinMs },
        (signal) => answers(page, signal),
        signal,
      );
    }),
  );
}

async function answers(page: URL, signal: AbortSignal): Promise<boolean> {
  try {
    const answer = await fetch(page, { signal });
    await answer.arrayBuffer();
    return answer.ok;
  } catch {
    return false;
  }
}
