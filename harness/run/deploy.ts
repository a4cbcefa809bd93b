/** Puts up all that one trial runs against: a fresh etcd, the etcd link, echo upstreams and one gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../scenarios/scenario.ts';
import { connectLink } from '../etcd-link/client.ts';
import { linkWorkload } from '../etcd-link/workload.ts';
import type { Build } from '../model/build.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { EtcdPrograms, GatewayDriver, Runtime, World } from '../model/ports.ts';
import { upstreamWorkload } from '../upstream/workload.ts';
import { askForLogin, launchMembers, planEtcd } from './etcd-cluster.ts';
import { waitUntil } from './wait.ts';
import { Workloads } from './workloads.ts';

const prefix = '/apisix';
const readyWithinMs = 15_000;

export interface Deployment {
  readonly build: Build;
  readonly driver: GatewayDriver;
  readonly scenario: Scenario;
  readonly runtime: Runtime;
  readonly programs: EtcdPrograms;
  /** Folder of the trial's evidence. */
  readonly folder: string;
  /** Parent of the etcd data folder; removed with the run, or by `gatecrash clean`. */
  readonly scratch: string;
}

/** A world that does not know yet what will be written to it. */
export type Deployed = Omit<World, 'kept'>;

/** Everything is up and answers when it resolves. What was started is ended when it rejects. */
export async function deploy(deployment: Deployment, signal: AbortSignal): Promise<Deployed> {
  await using undo = new AsyncDisposableStack();
  const { runtime, scenario, programs } = deployment;
  const data = mkdtempSync(path.join(deployment.scratch, 'etcd-'));
  undo.defer(() => rmSync(data, { recursive: true, force: true }));
  // Registered before the first launch, so that whatever runs by then is ended.
  const workloads = undo.use(new Workloads(runtime));
  const { launch } = workloads;

  const { link, upstream } = await addresses(runtime, scenario);
  const { entry, gatewayUser, etcdCa, tls } = await planEtcd(scenario.etcd, data, runtime);
  const upstreams = entry.members.map(({ client }) => client);
  const { workers, watchTimeout } = scenario.gateway;
  const watchTimeoutMs = milliseconds(watchTimeout);
  const settings = { etcd: link.traffic, etcdUser: gatewayUser, etcdCa, prefix, workers, watchTimeoutMs };
  // All at once: a gateway has to bear an etcd that comes up a moment later than itself, and asks for a login later still.
  const [gateway] = await Promise.all([
    deployment.driver.launch(deployment.build, settings, { ...runtime, launch }, signal),
    launchMembers(entry.members, commandOf(scenario, programs), launch, signal),
    launch(linkWorkload({ listen: link.traffic, control: link.control, upstreams, tls }), signal),
    launch(upstreamWorkload({ listen: upstream }), signal),
  ]);
  await Promise.race([allAnswer({ upstreams, link, upstream }, signal), workloads.died]);
  if (gatewayUser !== undefined) await askForLogin(entry, prefix);

  const linked = undo.use(connectLink(link.control, link.traffic));
  const owned = undo.move();
  return {
    ...entry,
    programs,
    gatewayUser,
    etcdCa,
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

/** An upgrade begins with the version before. */
function commandOf({ timeline }: Scenario, { etcd, previous }: EtcdPrograms): string {
  return timeline.some(({ fault }) => fault.kind === 'etcd.upgrade') ? (previous ?? etcd) : etcd;
}

interface Addresses {
  readonly link: { readonly traffic: URL; readonly control: URL };
  readonly upstream: URL;
}

async function addresses(runtime: Runtime, { etcd }: Scenario): Promise<Addresses> {
  const address = async (): Promise<string> => `127.0.0.1:${await runtime.freePort()}`;
  const traffic = new URL(`${etcd?.tls === true ? 'https' : 'http'}://${await address()}`);
  const control = new URL(`http://${await address()}`);
  return { link: { traffic, control }, upstream: new URL(`http://${await address()}`) };
}

interface Awaited extends Addresses {
  /** The members of etcd. */
  readonly upstreams: readonly URL[];
}

/** Every member of etcd, link and upstream answer each on its own address. */
async function allAnswer({ upstreams, link, upstream }: Awaited, signal: AbortSignal): Promise<void> {
  const health = upstreams.map((etcd) => new URL('/health', etcd));
  const pages = [...health, new URL('/counters', link.control), new URL('/_witness', upstream)];
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
