/** The reference gateway of this repository, run as its own process and known only by its documented entrance. */
import { execFileSync } from 'node:child_process';
import type { Build } from '../model/build.ts';
import { entryBeside } from '../model/entry.ts';
import { unknownWord } from '../model/nearest.ts';
import type { Gateway, GatewayDriver, GatewaySettings, RouteSpec, WatchProxy } from '../model/ports.ts';
import { launchWatchProxy } from './watch-proxy.ts';

const entry = entryBeside(import.meta.url, '../../gateway/main');
const watchProxy = 'watch-proxy';

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
  known ??= JSON.parse(execFileSync(process.execPath, [entry, '--list-mutants'], { encoding: 'utf8' })) as Mutant[];
  return known;
}

export const reference: GatewayDriver = {
  name: 'reference',
  deployments: { [watchProxy]: 'the etcd watch proxy stands between the gateway and etcd' },

  asksDns: true,

  mistakes(build) {
    const mistakes: string[] = [];
    if (build.version !== '.') {
      mistakes.push(`${build.name}: version "${build.version}" cannot be run yet; "." is this checkout`);
    }
    // Asking the gateway costs a process; a clean build needs no answer.
    if (mutantsOf(build).length === 0) return mistakes;
    return [...mistakes, ...mutantsOf(build).flatMap(mistakesOf)];
  },

  async launch(build, settings, runtime, signal) {
    const [traffic, status] = [await runtime.freePort(), await runtime.freePort()];
    const proxy = build.variants.includes(watchProxy) ? await launchWatchProxy(settings, runtime, signal) : undefined;
    const etcd = proxy?.url ?? settings.etcd;
    const etcdCa = proxy === undefined ? settings.etcdCa : undefined;
    const env = environment(build, { ...settings, etcd, etcdCa }, traffic, status);
    const instance = await runtime.launch({ name: 'gateway', command: process.execPath, args: [entry], env }, signal);
    return gateway(instance, settings.workers, { traffic, status }, proxy);
  },

  route(prefix, spec) {
    const value = routeValue(spec);
    const lacks = (spec.valueBytes ?? 0) - JSON.stringify({ ...value, desc: '' }).length;
    return {
      key: `${prefix}/routes/${spec.id}`,
      value: JSON.stringify(lacks > 0 ? { ...value, desc: 'x'.repeat(lacks) } : value),
    };
  },
};

function mistakesOf(variant: string): readonly string[] {
  const [name = '', dose] = variant.split('=');
  const names = mutants().map((each) => each.name);
  const mutant = mutants().find((each) => each.name === name);
  if (mutant === undefined) return [unknownWord('mutant', name, [...names, watchProxy])];
  return dose !== undefined && mutant.dose === undefined ? [`mutant ${name} comes in no doses`] : [];
}

function mutantsOf({ variants }: Build): readonly string[] {
  return variants.filter((name) => name !== watchProxy);
}

function environment(
  build: Build,
  settings: GatewaySettings,
  traffic: number,
  status: number,
): Readonly<Record<string, string>> {
  const { etcdUser, etcdCa } = settings;
  return {
    GATEWAY_LISTEN: `127.0.0.1:${traffic}`,
    GATEWAY_STATUS: `127.0.0.1:${status}`,
    GATEWAY_ETCD: settings.etcd.origin,
    GATEWAY_PREFIX: settings.prefix,
    GATEWAY_WORKERS: String(settings.workers),
    GATEWAY_WATCH_TIMEOUT_MS: String(settings.watchTimeoutMs),
    GATEWAY_MUTANTS: mutantsOf(build).join(','),
    ...(settings.dns === undefined ? {} : { GATEWAY_DNS: settings.dns.host }),
    ...(etcdCa === undefined ? {} : { GATEWAY_ETCD_CA: etcdCa }),
    ...(etcdUser === undefined ? {} : { GATEWAY_ETCD_USER: etcdUser.name, GATEWAY_ETCD_PASSWORD: etcdUser.password }),
  };
}

function gateway(
  instance: Gateway['instance'],
  workers: number,
  { traffic, status }: { readonly traffic: number; readonly status: number },
  watchProxy: WatchProxy | undefined,
): Gateway {
  return {
    instance,
    workers,
    watchProxy,
    workerHeader: 'x-gateway-worker',
    reloadSignal: 'SIGHUP',
    traffic: new URL(`http://127.0.0.1:${traffic}`),
    async ready(signal) {
      try {
        const answer = await fetch(`http://127.0.0.1:${status}/status/ready`, { signal });
        await answer.arrayBuffer();
        return answer.ok;
      } catch (error) {
        if (signal.aborted) throw error;
        return false;
      }
    },
    [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose](),
  };
}

function routeValue(spec: RouteSpec): object {
  return {
    uri: spec.path,
    ...(spec.priority === undefined ? {} : { priority: spec.priority }),
    upstream: { type: 'roundrobin', nodes: { [spec.upstream.host]: 1 } },
    plugins: { 'proxy-rewrite': { uri: `/seq/${spec.seq}` } },
  };
}
