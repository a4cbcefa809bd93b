/** Puts up all that one trial runs against: a fresh etcd, the etcd link, echo upstreams and one gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../scenarios/scenario.ts';
import { connectLink } from '../etcd-link/client.ts';
import { linkWorkload } from '../etcd-link/workload.ts';
import type { Build } from '../model/build.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { prefixOf } from '../../scenarios/prefix.ts';
import type { EtcdPrograms } from '../model/etcd.ts';
import type { Gateway, GatewayDriver, GatewaySettings, Runtime, World } from '../model/ports.ts';
import { connectEcho } from '../upstream/client.ts';
import { upstreamWorkload } from '../upstream/workload.ts';
import { answers } from './answers.ts';
import { askForLogin, launchMembers, planEtcd } from './etcd-cluster.ts';
import { furtherGateways } from './further-gateways.ts';
import { type ToxiproxyFound, startNetwork } from './network.ts';
import { waitUntil } from './wait.ts';
import { Workloads } from './workloads.ts';

const readyWithinMs = 15_000;

export interface Deployment {
  readonly build: Build;
  readonly driver: GatewayDriver;
  readonly scenario: Scenario;
  readonly runtime: Runtime;
  readonly programs: EtcdPrograms;
  readonly toxiproxy: ToxiproxyFound;
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
  undo.defer(() => runtime.cpuLimit.lift());
  // Registered before the first launch, so that whatever runs by then is ended.
  const workloads = undo.use(new Workloads(runtime));
  const { launch } = workloads;

  const { link, upstream, names } = await addresses(deployment);
  const { entry, gatewayUser, etcdCa, tls } = await planEtcd(scenario.etcd, data, runtime);
  const upstreams = entry.members.map(({ client }) => client);
  const network = undo.use(await startNetwork({ ...deployment, launch, address: () => addressOf(runtime) }, signal));
  const etcd = await network.through('gateway->etcd', link.traffic);
  const prefix = prefixOf(scenario);
  const { workers, watchTimeout } = scenario.gateway;
  const watchTimeoutMs = milliseconds(watchTimeout);
  const settings = { etcd, etcdUser: gatewayUser, etcdCa, prefix, workers, watchTimeoutMs, dns: names };
  // All at once: a gateway has to bear an etcd that comes up a moment later than itself, and asks for a login later still.
  const [gateway] = await Promise.all([
    deployment.driver.launch(deployment.build, settings, { ...runtime, launch }, signal),
    launchMembers(entry.members, commandOf(scenario, programs), launch, signal),
    launch(linkWorkload({ listen: link.traffic, control: link.control, upstreams, tls }), signal),
    launch(upstreamWorkload({ listen: upstream.traffic, control: upstream.control, names }), signal),
  ]);
  await Promise.race([allAnswer({ upstreams, link, upstream }, signal), workloads.died]);
  if (gatewayUser !== undefined) await askForLogin(entry, prefix);

  const parts = {
    link: undo.use(connectLink(link.control, link.traffic)),
    echo: undo.use(connectEcho(upstream.control, upstream.traffic, names)),
    upstream: named(await network.through('gateway->upstream', upstream.traffic), names),
    gateway: { ...gateway, traffic: await network.through('client->gateway', gateway.traffic) },
  };
  const owned = undo.move();
  return {
    ...entry,
    programs,
    gatewayUser,
    etcdCa,
    prefix,
    network,
    cpuLimit: runtime.cpuLimit,
    ...parts,
    driver: deployment.driver,
    folder: deployment.folder,
    ...furtherGateways(deployment, besides(gateway, settings), launch),
    ...workloads.controls,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** A watch proxy is spoken to in the clear. */
function besides({ watchProxy }: Gateway, settings: GatewaySettings): GatewaySettings {
  return watchProxy === undefined ? settings : { ...settings, etcd: watchProxy.url, etcdCa: undefined };
}

/** An upgrade begins with the version before. */
function commandOf({ timeline }: Scenario, { etcd, previous }: EtcdPrograms): string {
  return timeline.some(({ fault }) => fault.kind === 'etcd.upgrade') ? (previous ?? etcd) : etcd;
}

/** Only where the timeline is about names: all other trials keep their shape. */
function namesUpstream({ scenario, driver }: Deployment): boolean {
  return driver.asksDns && scenario.timeline.some(({ fault }) => fault.kind === 'upstream.dns');
}

function named(upstream: URL, names: URL | undefined): URL {
  return names === undefined ? upstream : new URL(`http://upstream.test:${upstream.port}`);
}

interface Addresses {
  readonly link: { readonly traffic: URL; readonly control: URL };
  readonly upstream: { readonly traffic: URL; readonly control: URL };
  /** Of the DNS server of the upstream; undefined where it has no name. */
  readonly names: URL | undefined;
}

async function addresses(deployment: Deployment): Promise<Addresses> {
  const { runtime, scenario } = deployment;
  const scheme = scenario.etcd?.tls === true ? 'https' : 'http';
  return {
    link: { traffic: await addressOf(runtime, scheme), control: await addressOf(runtime) },
    upstream: { traffic: await addressOf(runtime), control: await addressOf(runtime) },
    names: namesUpstream(deployment) ? await addressOf(runtime) : undefined,
  };
}

async function addressOf(runtime: Runtime, scheme = 'http'): Promise<URL> {
  return new URL(`${scheme}://127.0.0.1:${await runtime.freePort()}`);
}

interface Awaited extends Pick<Addresses, 'link' | 'upstream'> {
  /** The members of etcd. */
  readonly upstreams: readonly URL[];
}

/** Every member of etcd, link and upstream answer each on its own address. */
async function allAnswer({ upstreams, link, upstream }: Awaited, signal: AbortSignal): Promise<void> {
  const health = upstreams.map((etcd) => new URL('/health', etcd));
  // The upstream answers to its controls once it takes requests.
  const pages = [...health, new URL('/counters', link.control), new URL('/counters', upstream.control)];
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
