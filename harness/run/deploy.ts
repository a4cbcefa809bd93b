/** Puts up all that one trial runs against: a fresh etcd, the etcd link, echo upstreams and one gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import type { Scenario } from '../../scenarios/scenario.ts';
import { connectLink } from '../etcd-link/client.ts';
import { linkWorkload } from '../etcd-link/workload.ts';
import type { Build } from '../model/build.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { GatewayDriver, Runtime, World } from '../model/ports.ts';
import { connectEcho } from '../upstream/client.ts';
import { upstreamWorkload } from '../upstream/workload.ts';
import { answers } from './answers.ts';
import { etcdWorkload } from './etcd-workload.ts';
import { furtherGateways } from './further-gateways.ts';
import { type ToxiproxyFound, startNetwork } from './network.ts';
import { waitUntil } from './wait.ts';
import { Workloads } from './workloads.ts';

const prefix = '/apisix';
const readyWithinMs = 15_000;

export interface Deployment {
  readonly build: Build;
  readonly driver: GatewayDriver;
  readonly scenario: Scenario;
  readonly runtime: Runtime;
  /** Path of the etcd binary. */
  readonly etcd: string;
  readonly toxiproxy: ToxiproxyFound;
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
  undo.defer(() => runtime.cpuLimit.lift());
  // Registered before the first launch, so that whatever runs by then is ended.
  const workloads = undo.use(new Workloads(runtime));
  const { launch } = workloads;

  const { etcd, link, upstream } = await addresses(runtime);
  const { workers, watchTimeout } = deployment.scenario.gateway;
  const network = undo.use(await startNetwork({ ...deployment, launch, address: () => addressOf(runtime) }, signal));
  const etcdForGateways = await network.through('gateway->etcd', link.traffic);
  const names = namesUpstream(deployment) ? await addressOf(runtime) : undefined;
  const watchTimeoutMs = milliseconds(watchTimeout);
  const settings = { etcd: etcdForGateways, prefix, workers, watchTimeoutMs, dns: names };
  // All at once: a gateway has to bear an etcd that comes up a moment later than itself.
  const [gateway] = await Promise.all([
    deployment.driver.launch(deployment.build, settings, { ...runtime, launch }, signal),
    launch(etcdWorkload(deployment.etcd, data, etcd, await runtime.freePort()), signal),
    launch(linkWorkload({ listen: link.traffic, control: link.control, upstream: etcd }), signal),
    launch(upstreamWorkload({ listen: upstream.traffic, control: upstream.control, names }), signal),
  ]);
  await Promise.race([allAnswer({ etcd, link, upstream }, signal), workloads.died]);

  const parts = {
    link: undo.use(connectLink(link.control, link.traffic)),
    echo: undo.use(connectEcho(upstream.control, upstream.traffic, names)),
    upstream: named(await network.through('gateway->upstream', upstream.traffic), names),
    gateway: { ...gateway, traffic: await network.through('client->gateway', gateway.traffic) },
  };
  const owned = undo.move();
  return {
    etcd,
    prefix,
    network,
    cpuLimit: runtime.cpuLimit,
    ...parts,
    driver: deployment.driver,
    folder: deployment.folder,
    ...furtherGateways(deployment, { ...settings, etcd: gateway.watchProxy?.url ?? settings.etcd }, launch),
    ...workloads.controls,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Only where the timeline is about names: all other trials keep their shape. */
function namesUpstream({ scenario, driver }: Deployment): boolean {
  return driver.asksDns && scenario.timeline.some(({ fault }) => fault.kind === 'upstream.dns');
}

function named(upstream: URL, names: URL | undefined): URL {
  return names === undefined ? upstream : new URL(`http://upstream.test:${upstream.port}`);
}

interface Addresses {
  readonly etcd: URL;
  readonly link: { readonly traffic: URL; readonly control: URL };
  readonly upstream: { readonly traffic: URL; readonly control: URL };
}

async function addresses(runtime: Runtime): Promise<Addresses> {
  return {
    etcd: await addressOf(runtime),
    link: { traffic: await addressOf(runtime), control: await addressOf(runtime) },
    upstream: { traffic: await addressOf(runtime), control: await addressOf(runtime) },
  };
}

async function addressOf(runtime: Runtime): Promise<URL> {
  return new URL(`http://127.0.0.1:${await runtime.freePort()}`);
}

/** etcd, link and upstream answer each on its own address. */
async function allAnswer({ etcd, link, upstream }: Addresses, signal: AbortSignal): Promise<void> {
  // The upstream answers to its controls once it takes requests.
  const pages = [new URL('/health', etcd), new URL('/counters', link.control), new URL('/counters', upstream.control)];
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
