/** Puts up all that one trial runs against: a fresh etcd, the etcd link, echo upstreams and one gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { asksAdmin } from '../../scenarios/admin.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { connectLink } from '../etcd-link/client.ts';
import { linkWorkload } from '../etcd-link/workload.ts';
import type { Build } from '../model/build.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { prefixOf } from '../../scenarios/prefix.ts';
import type { EtcdStart } from '../model/etcd-workload.ts';
import type { EtcdMembers, EtcdPrograms } from '../model/etcd.ts';
import { ownImages } from '../model/images.ts';
import type { Gateway, GatewayDriver, GatewaySettings, Runtime, World } from '../model/ports.ts';
import type { StandingNetwork } from '../network/client.ts';
import { connectEcho } from '../upstream/client.ts';
import { upstreamWorkload } from '../upstream/workload.ts';
import { answers } from './answers.ts';
import { type CertificateFiles, makeCertificates } from './certificates.ts';
import { type PlannedEtcd, askForLogin, launchMembers, planEtcd, throughNetwork } from './etcd-cluster.ts';
import { type Builds, furtherGateways } from './further-gateways.ts';
import { startFront } from './front.ts';
import { type ToxiproxyFound, startNetwork } from './network.ts';
import { type SecondRoom, secondRoom } from './second-room.ts';
import { staticHosts } from './static-hosts.ts';
import { waitUntil } from './wait.ts';
import { Workloads } from './workloads.ts';

const readyWithinMs = 15_000;

export interface Deployment {
  /** Under test. */
  readonly build: Build;
  /** What a rolling upgrade begins with; the build under test itself when it is not said. */
  readonly production?: Build;
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
  const { runtime, programs } = deployment;
  const builds = buildsOf(deployment);
  const data = mkdtempSync(path.join(deployment.scratch, 'etcd-'));
  undo.defer(() => rmSync(data, { recursive: true, force: true }));
  undo.defer(() => runtime.cpuLimit.lift());
  // Registered before the first launch, so that whatever runs by then is ended.
  const workloads = undo.use(new Workloads(runtime));
  const { launch } = workloads;

  const plan = await planAll(deployment, data);
  const { link, upstream, names, driver, gatewayUser, etcdCa } = plan;
  const network = undo.use(await startNetwork({ ...deployment, launch, address: () => addressOf(runtime) }, signal));
  const entry = { ...plan.entry, members: await throughNetwork(plan.entry.members, network) };
  const etcd = await network.through('gateway->etcd', link.traffic);
  const served = named(await network.through('gateway->upstream', upstream.traffic), names);
  const fixed = staticHosts({ ...deployment, driver, upstream: served });
  const own = { dns: names, room: plan.room, staticConfig: fixed?.file, admin: asksAdmin(deployment.scenario) };
  const settings = settingsOf(deployment, { etcd, etcdUser: gatewayUser, etcdCa, ...own });
  const gateway = await launchAll(deployment, { ...plan, entry, settings, first: builds.first, launch }, signal);
  await Promise.race([allAnswer({ link, upstream, members: entry.members }, signal), workloads.died]);
  if (gatewayUser !== undefined) await askForLogin(entry, settings.prefix);

  const standing = { first: gateway.traffic, runtime, launch };
  const front = undo.use(builds.upgrades ? await startFront(standing, signal) : undefined);
  const parts = {
    link: undo.use(connectLink(link.control, link.traffic)),
    echo: undo.use(connectEcho(upstream.control, upstream.traffic, names)),
    upstream: served,
    gateway: { ...gateway, traffic: await network.through('client->gateway', front?.address ?? gateway.traffic) },
  };
  const joining = await besides(gateway, settings, link, network);
  const owned = undo.move();
  return {
    ...entry,
    programs,
    gatewayUser,
    etcdCa,
    prefix: settings.prefix,
    network,
    ...(await traitsOf(runtime)),
    front,
    staticHosts: fixed,
    ...parts,
    driver,
    folder: deployment.folder,
    ...furtherGateways(deployment, builds, joining, launch),
    ...workloads.controls,
    died: firstOf(workloads.died, parts.link.healedItself, parts.echo.healedItself, network.healedItself),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

type Traits = Pick<World, 'cpuLimit' | 'memoryLimit' | 'fileLimit' | 'seesRefusals'>;

async function traitsOf(runtime: Runtime): Promise<Traits> {
  const { cpuLimit, memoryLimit, fileLimit } = runtime;
  return { cpuLimit, memoryLimit, fileLimit, seesRefusals: await runtime.seesRefusals() };
}

/** Who will be where, and what they show each other: nothing runs yet. */
interface TrialPlan extends Addresses, PlannedEtcd, SecondRoom {
  /** Of the upstream, where it speaks TLS too. */
  readonly certificate: CertificateFiles | undefined;
}

async function planAll(deployment: Deployment, data: string): Promise<TrialPlan> {
  const { scenario, runtime } = deployment;
  return {
    ...(await addresses(deployment)),
    ...(await planEtcd(scenario.etcd, data, runtime)),
    ...(await secondRoom(deployment)),
    certificate: await certificateOf(scenario, data),
  };
}

interface Launch extends TrialPlan {
  readonly settings: GatewaySettings;
  readonly first: Build;
  readonly launch: World['launch'];
}

/** All at once: a gateway has to bear an etcd that comes up a moment later than itself, and asks for a login later still. */
async function launchAll(
  { scenario, programs, runtime }: Deployment,
  all: Launch,
  signal: AbortSignal,
): Promise<Gateway> {
  const { driver, first, settings, entry, link, upstream, names, certificate, tls, launch } = all;
  const upstreams = entry.members.map(({ client }) => client);
  const [gateway] = await Promise.all([
    driver.launch(first, settings, { ...runtime, launch: gatewayLaunch(scenario, launch) }, signal),
    launchMembers(entry.members, startOf(scenario, programs), launch, signal),
    launch(linkWorkload({ ...link, listen: link.traffic, upstreams, tls }), signal),
    launch(upstreamWorkload({ listen: upstream.traffic, control: upstream.control, names, certificate }), signal),
    all.start(launch, signal),
  ]);
  return gateway;
}

/** Counted is the memory of a gateway whose timeline limits it: all other trials keep their shape. */
function gatewayLaunch({ timeline }: Scenario, launch: World['launch']): World['launch'] {
  if (!timeline.some(({ fault }) => fault.kind === 'gateway.memory')) return launch;
  // Not that of what is deployed beside it, which has another name with every product.
  return (workload, signal) => launch({ ...workload, counted: workload.name === 'gateway' }, signal);
}

/** What a trial begins with, and what it is about. */
function buildsOf({ build, production = build, scenario }: Deployment): Builds & { readonly upgrades: boolean } {
  const upgrades = scenario.timeline.some(({ fault }) => fault.kind === 'gateway.upgrade');
  return { first: upgrades ? production : build, underTest: build, upgrades };
}

/** Whoever waits for it may come later. */
function firstOf(...ends: readonly Promise<never>[]): Promise<never> {
  const first = Promise.race(ends);
  first.catch(() => undefined);
  return first;
}

function settingsOf(
  { scenario: { gateway }, folder, scratch }: Deployment,
  found: Omit<GatewaySettings, 'prefix' | 'workers' | 'watchTimeoutMs' | 'folder' | 'scratch'>,
): GatewaySettings {
  const { workers, watchTimeout } = gateway;
  const watchTimeoutMs = milliseconds(watchTimeout);
  return { ...found, prefix: prefixOf({ gateway }), workers, watchTimeoutMs, folder, scratch };
}

/** Of gateways that join the first: at its watch proxy, which is spoken to in the clear, or where they are told from it. */
async function besides(
  { watchProxy }: Gateway,
  settings: GatewaySettings,
  { further }: Addresses['link'],
  network: StandingNetwork,
): Promise<GatewaySettings> {
  if (watchProxy !== undefined) return { ...settings, etcd: watchProxy.url, etcdCa: undefined };
  return further === undefined ? settings : { ...settings, etcd: await network.through('gateway->etcd', further) };
}

/** How members of etcd are started. An upgrade begins with the version before. */
function startOf({ timeline, etcd: settings }: Scenario, { etcd, previous }: EtcdPrograms): Omit<EtcdStart, 'cluster'> {
  const upgraded = timeline.some(({ fault }) => fault.kind === 'etcd.upgrade');
  const program =
    upgraded && previous !== undefined ? { command: previous, image: ownImages.previousEtcd } : { command: etcd };
  return { ...program, progressNotifyInterval: settings?.progressNotifyInterval };
}

/** Only where the timeline is about names: all other trials keep their shape. */
function namesUpstream({ scenario, driver }: Deployment): boolean {
  return driver.abilities.has('dns') && scenario.timeline.some(({ fault }) => fault.kind === 'upstream.dns');
}

function named(upstream: URL, names: URL | undefined): URL {
  return names === undefined ? upstream : new URL(`http://upstream.test:${upstream.port}`);
}

/** Of the upstream, where it speaks TLS too. */
async function certificateOf({ upstream }: Scenario, folder: string): Promise<CertificateFiles | undefined> {
  if (upstream?.tls !== true) return undefined;
  return (await makeCertificates(path.join(folder, 'upstream-certificates'))).own;
}

interface Addresses {
  /** `further`: for gateways that join, where a fault tells them from the first. */
  readonly link: { readonly traffic: URL; readonly control: URL; readonly further: URL | undefined };
  readonly upstream: { readonly traffic: URL; readonly control: URL };
  /** Of the DNS server of the upstream; undefined where it has no name. */
  readonly names: URL | undefined;
}

async function addresses(deployment: Deployment): Promise<Addresses> {
  const { runtime, scenario } = deployment;
  const scheme = scenario.etcd?.tls === true ? 'https' : 'http';
  return {
    link: {
      traffic: await addressOf(runtime, scheme),
      control: await addressOf(runtime),
      further: aimsAtGateways(scenario) ? await addressOf(runtime, scheme) : undefined,
    },
    upstream: { traffic: await addressOf(runtime), control: await addressOf(runtime) },
    names: namesUpstream(deployment) ? await addressOf(runtime, 'http', 'udp') : undefined,
  };
}

function aimsAtGateways({ timeline }: Scenario): boolean {
  return timeline.some(({ fault }) => 'gateway' in fault && fault.gateway !== undefined);
}

async function addressOf(runtime: Runtime, scheme = 'http', protocol?: 'udp'): Promise<URL> {
  return new URL(`${scheme}://127.0.0.1:${await runtime.freePort(protocol)}`);
}

interface Awaited extends Pick<Addresses, 'link' | 'upstream'> {
  readonly members: EtcdMembers;
}

/** Every member of etcd, link and upstream answer each on its own address. */
async function allAnswer({ members, link, upstream }: Awaited, signal: AbortSignal): Promise<void> {
  const health = members.map(({ client }) => new URL('/health', client));
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
