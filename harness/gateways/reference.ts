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
  readonly anchor: string;
  readonly scenario: string;
  readonly subject: string;
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

  mistakes(build) {
    const mistakes: string[] = [];
    if (build.version !== '.') {
      mistakes.push(`${build.name}: version "${build.version}" cannot be run yet; "." is this checkout`);
    }
    // Asking the gateway costs a process; a clean build needs no answer.
    if (mutantsOf(build).length === 0) return mistakes;
    const names = mutants().map(({ name }) => name);
    const unknown = mutantsOf(build).filter((mutant) => !names.includes(mutant));
    return [...mistakes, ...unknown.map((name) => unknownWord('mutant', name, [...names, watchProxy]))];
  },

  async launch(build, settings, runtime, signal) {
    const [traffic, status] = [await runtime.freePort(), await runtime.freePort()];
    const proxy = build.variants.includes(watchProxy) ? await launchWatchProxy(settings, runtime, signal) : undefined;
    const etcd = proxy?.url ?? settings.etcd;
    const env = environment(build, { ...settings, etcd }, traffic, status);
    const instance = await runtime.launch({ name: 'gateway', command: process.execPath, args: [entry], env }, signal);
    return gateway(instance, settings.workers, { traffic, status }, proxy);
  },

  route(prefix, spec) {
    return { key: `${prefix}/routes/${spec.id}`, value: JSON.stringify(routeValue(spec)) };
  },
};

function mutantsOf({ variants }: Build): readonly string[] {
  return variants.filter((name) => name !== watchProxy);
}

function environment(
  build: Build,
  settings: GatewaySettings,
  traffic: number,
  status: number,
): Readonly<Record<string, string>> {
  return {
    GATEWAY_LISTEN: `127.0.0.1:${traffic}`,
    GATEWAY_STATUS: `127.0.0.1:${status}`,
    GATEWAY_ETCD: settings.etcd.origin,
    GATEWAY_PREFIX: settings.prefix,
    GATEWAY_WORKERS: String(settings.workers),
    GATEWAY_WATCH_TIMEOUT_MS: String(settings.watchTimeoutMs),
    GATEWAY_MUTANTS: mutantsOf(build).join(','),
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
