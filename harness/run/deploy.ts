/** Puts up all that one trial runs against: a fresh etcd, the etcd link, echo upstreams and one gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../scenarios/scenario.ts';
import { connectLink } from '../etcd-link/client.ts';
import { linkWorkload } from '../etcd-link/workload.ts';
import type { Build } from '../model/build.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { prefixOf } from '../../scenarios/prefix.ts';
import type { GatewayDriver, Runtime, World } from '../model/ports.ts';
import { upstreamWorkload } from '../upstream/workload.ts';
import { etcdWorkload } from './etcd-workload.ts';
import { waitUntil } from './wait.ts';
import { Workloads } from './workloads.ts';

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
  // Registered before the first launch, so that whatever runs by then is ended.
  const workloads = undo.use(new Workloads(runtime));
  const { launch } = workloads;

  const { etcd, link, upstream } = await addresses(runtime);
  const prefix = prefixOf(deployment.scenario);
  const { workers, watchTimeout } = deployment.scenario.gateway;
  const settings = { etcd: link.traffic, prefix, workers, watchTimeoutMs: milliseconds(watchTimeout) };
  // All at once: a gateway has to bear an etcd that comes up a moment later than itself.
  const [gateway] = await Promise.all([
    deployment.driver.launch(deployment.build, settings, { ...runtime, launch }, signal),
    launch(etcdWorkload(deployment.etcd, data, etcd, await runtime.freePort()), signal),
    launch(linkWorkload({ listen: link.traffic, control: link.control, upstream: etcd }), signal),
    launch(upstreamWorkload({ listen: upstream }), signal),
  ]);
  await Promise.race([allAnswer({ etcd, link, upstream }, signal), workloads.died]);

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
    launch,
    stop: workloads.stop,
    restart: workloads.restart,
    signal: workloads.signal,
    running: workloads.running,
    died: workloads.died,
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
