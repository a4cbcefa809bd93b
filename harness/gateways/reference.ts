/** The reference gateway of this repository, run as its own process and known only by its documented entrance. */
import { type StdioOptions, execFileSync } from 'node:child_process';
import path from 'node:path';
import type { Ability } from '../model/abilities.ts';
import type { Build } from '../model/build.ts';
import type { CpuProfile } from '../model/cpu-profile.ts';
import { entryBeside } from '../model/entry.ts';
import { ownImages } from '../model/images.ts';
import type { RouteSpec } from '../model/layout.ts';
import { unknownWord } from '../model/nearest.ts';
import type { RuntimeKind } from '../model/plan.ts';
import type { AdminApi, Gateway, GatewayDriver, GatewaySettings, WatchProxy } from '../model/ports.ts';
import type { Product } from '../model/product.ts';
import { adminKey } from './admin-key.ts';
import { type Programs, checkOut, commitOf, programsAt, refMistakes, withCheckOut } from './checkout.ts';
import { apisixLayout } from './layouts/apisix.ts';
import { saysReady } from './says-ready.ts';
import { launchWatchProxy } from './watch-proxy.ts';

/** Of this checkout. */
const programs: Programs = {
  gateway: entryBeside(import.meta.url, '../../gateway/main'),
  watchProxy: entryBeside(import.meta.url, '../../gateway/watch-proxy/main'),
};
const watchProxy = 'watch-proxy';
/** What is under way when a gateway is told to end or to reload has so long: no trial waits for more. Milliseconds. */
const drainMs = 5_000;

/** What `gateway/main.ts --list-mutants` says of one variant. */
export interface Mutant {
  readonly name: string;
  readonly kind: 'known-bad' | 'benign' | 'dosed';
  readonly summary: string;
  readonly corpus: string;
  readonly anchor: string;
  readonly scenario: string;
  readonly subject: string;
  /** How much of it there is, where that can be chosen. */
  readonly dose?: { readonly unit: string; readonly usual: number };
}

let known: readonly Mutant[] | undefined;

/** The variants of this checkout, as the gateway itself lists them. */
export function mutants(): readonly Mutant[] {
  known ??= listMutants(programs.gateway);
  return known;
}

function listMutants(gateway: string): readonly Mutant[] {
  const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
  return JSON.parse(
    execFileSync(process.execPath, [gateway, '--list-mutants'], { encoding: 'utf8', stdio }),
  ) as Mutant[];
}

const able: ReadonlySet<Ability> = new Set([
  'etcd-watch',
  'etcd-login',
  'etcd-tls',
  'deep-prefix',
  'json-routes',
  'worker-reads',
  'worker-processes',
  'reload',
  'dns',
  'rooms',
  'static-hosts',
  'admin-api',
  'blocks',
  'metrics',
  'profiles',
]);

export const reference: GatewayDriver = {
  ...apisixLayout,
  name: 'reference',
  deployments: { [watchProxy]: 'the etcd watch proxy stands between the gateway and etcd' },
  abilities: able,
  staticConfig: (routes) => `${JSON.stringify({ servers: routes.map(serverOf) }, null, 2)}\n`,

  async prepare(build, { scratch, note }) {
    const commit = commitNamed(build);
    if (commit !== undefined) checkOut(commit, scratch, note);
  },

  async launch(build, settings, runtime, signal) {
    const [traffic, status] = [await runtime.freePort(), await runtime.freePort()];
    const admin = settings.admin === true ? await runtime.freePort() : undefined;
    const own = programsOf(build, settings.scratch);
    const proxy = build.variants.includes(watchProxy)
      ? await launchWatchProxy(own.watchProxy, settings, runtime, signal)
      : undefined;
    const etcd = proxy?.url ?? settings.etcd;
    const etcdCa = proxy === undefined ? settings.etcdCa : undefined;
    const env = environment(build, { ...settings, etcd, etcdCa }, { traffic, status, admin });
    const { staticConfig } = settings;
    const mounts = [etcdCa, staticConfig && path.dirname(staticConfig)].filter((mount) => mount !== undefined);
    const image = { name: imageNamed(build) ?? ownImages.gateway, mounts };
    const workload = { name: 'gateway', command: process.execPath, args: [own.gateway], env, image };
    const instance = await runtime.launch(workload, signal);
    return gateway(instance, settings.workers, { traffic, status, admin }, proxy);
  },
};

/** Of the static configuration: a location has the fields of a route, without its host. */
function serverOf({ host = '', ...spec }: RouteSpec): object {
  const [{ value }] = apisixLayout.route('', spec);
  return { hosts: [host], locations: [JSON.parse(value)] };
}

export const referenceProduct: Product = {
  builds: {
    'reference@.': 'this checkout; +<mutant>: with a known bug, see gatecrash list mutants',
    [`reference@.+${watchProxy}`]: 'the same, with the etcd watch proxy between it and etcd',
    'reference@git:<ref>': 'this repository at a commit, a branch or a tag, with the packages of this checkout',
    'reference@image:<name>': 'a container image of it, with --runtime docker',
  },
  abilities: able,
  mistakes: (build, runtime) => {
    const wrong = versionMistakes(build, runtime);
    // Asking the gateway costs a process; a clean build needs no answer, and an image cannot be asked.
    if (wrong.length > 0 || mutantsOf(build).length === 0 || imageNamed(build) !== undefined) return wrong;
    return mutantMistakes(build);
  },
  driverOf: () => reference,
};

function versionMistakes(build: Build, runtime: RuntimeKind): readonly string[] {
  if (imageNamed(build) !== undefined)
    return runtime === 'docker' ? [] : [`${build.name}: an image is run by containers; add --runtime docker`];
  const ref = refNamed(build);
  if (ref !== undefined && runtime !== 'process')
    return [`${build.name}: a commit is run as processes; leave --runtime ${runtime} out`];
  if (ref !== undefined) return refMistakes(build.name, ref);
  if (build.version === '.') return [];
  const forms = '"." is this checkout, git:<ref> another commit of it, image:<name> an image';
  return [`${build.name}: version "${build.version}" cannot be run; ${forms}`];
}

function mutantMistakes(build: Build): readonly string[] {
  const commit = commitNamed(build);
  try {
    const known = commit === undefined ? mutants() : withCheckOut(commit, ({ gateway }) => listMutants(gateway));
    return mutantsOf(build).flatMap((variant) => mistakesOf(variant, known));
  } catch {
    return [`${build.name}: the gateway at that commit knows no mutants`];
  }
}

function mistakesOf(variant: string, known: readonly Mutant[]): readonly string[] {
  const [name = '', dose] = variant.split('=');
  const names = known.map((each) => each.name);
  const mutant = known.find((each) => each.name === name);
  if (mutant === undefined) return [unknownWord('mutant', name, [...names, watchProxy])];
  return dose !== undefined && mutant.dose === undefined ? [`mutant ${name} comes in no doses`] : [];
}

function mutantsOf({ variants }: Build): readonly string[] {
  return variants.filter((name) => name !== watchProxy);
}

function imageNamed({ version }: Build): string | undefined {
  return version.startsWith('image:') ? version.slice('image:'.length) : undefined;
}

function refNamed({ version }: Build): string | undefined {
  return version.startsWith('git:') ? version.slice('git:'.length) : undefined;
}

function commitNamed(build: Build): string | undefined {
  const ref = refNamed(build);
  return ref === undefined ? undefined : commitOf(ref);
}

function programsOf(build: Build, scratch: string): Programs {
  const commit = commitNamed(build);
  return commit === undefined ? programs : programsAt(commit, scratch);
}

interface Ports {
  readonly traffic: number;
  readonly status: number;
  /** Undefined: no Admin API is served. */
  readonly admin: number | undefined;
}

function environment(
  build: Build,
  settings: GatewaySettings,
  { traffic, status, admin }: Ports,
): Readonly<Record<string, string>> {
  const { etcdUser, etcdCa, staticConfig } = settings;
  return {
    GATEWAY_LISTEN: `127.0.0.1:${traffic}`,
    GATEWAY_STATUS: `127.0.0.1:${status}`,
    GATEWAY_ETCD: settings.etcd.origin,
    GATEWAY_PREFIX: settings.prefix,
    GATEWAY_WORKERS: String(settings.workers),
    GATEWAY_WATCH_TIMEOUT_MS: String(settings.watchTimeoutMs),
    GATEWAY_DRAIN_MS: String(drainMs),
    GATEWAY_MUTANTS: mutantsOf(build).join(','),
    ...(settings.dns === undefined ? {} : { GATEWAY_DNS: settings.dns.host }),
    ...(settings.room === undefined ? {} : { GATEWAY_ROOM: settings.room }),
    ...(staticConfig === undefined ? {} : { GATEWAY_STATIC_CONFIG: staticConfig }),
    ...(admin === undefined ? {} : { GATEWAY_ADMIN: `127.0.0.1:${admin}`, GATEWAY_ADMIN_KEY: adminKey }),
    ...(etcdCa === undefined ? {} : { GATEWAY_ETCD_CA: etcdCa }),
    ...(etcdUser === undefined ? {} : { GATEWAY_ETCD_USER: etcdUser.name, GATEWAY_ETCD_PASSWORD: etcdUser.password }),
  };
}

function listed({ url, key }: AdminApi): Gateway['ready'] {
  return saysReady(new URL('/apisix/admin/plugins/list', url), { 'x-api-key': key });
}

function gateway(
  instance: Gateway['instance'],
  workers: number,
  { traffic, status, admin: port }: Ports,
  watchProxy: WatchProxy | undefined,
): Gateway {
  const admin = port === undefined ? undefined : { url: new URL(`http://127.0.0.1:${port}`), key: adminKey };
  const ready = saysReady(`http://127.0.0.1:${status}/status/ready`);
  return {
    instance,
    workers,
    watchProxy,
    workerHeader: 'x-gateway-worker',
    reloadSignal: 'SIGHUP',
    traffic: new URL(`http://127.0.0.1:${traffic}`),
    metrics: new URL(`http://127.0.0.1:${status}/metrics`),
    admin,
    // The Admin API begins to listen when the workers are started already.
    ready: async (signal) => (await ready(signal)) && (admin === undefined || (await listed(admin)(signal))),
    async profile(worker, seconds, signal) {
      const page = new URL(`http://127.0.0.1:${status}/v1/profile`);
      page.search = new URLSearchParams({ worker, seconds: String(seconds) }).toString();
      const answer = await fetch(page, { signal });
      if (!answer.ok) throw new Error(`no profile of worker ${worker}: ${await answer.text()}`);
      return (await answer.json()) as CpuProfile;
    },
    [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose](),
  };
}
