/**
 * Toxiproxy as the harness holds it: a proxy for each hop that is hurt. Its Node client is made up for where it has nothing:
 * it cannot list toxics, and has no time limit of its own.
 */
import { Toxiproxy } from 'toxiproxy-node-client';
import type { Hop, NetworkFault } from '../../scenarios/network-faults.ts';
import { connectControl } from '../control/client.ts';
import { HarnessError } from '../model/errors.ts';
import type { Network } from '../model/network.ts';
import { toxicsOf } from './toxics.ts';

/** Toxiproxy may hang when a toxic is removed under load (Shopify/toxiproxy#412). Milliseconds. */
const answerWithinMs = 1_500;

export interface StandingNetwork extends Network, Disposable {
  /** Puts a proxy on the hop, when it is one that is hurt; resolves with where the near side has to connect. */
  through(hop: Hop, far: URL): Promise<URL>;
}

/** On which nothing can be hurt, with the reason. */
export function soundNetwork(why: string): StandingNetwork {
  const refuse = (): never => {
    throw new HarnessError('TOXIPROXY_NOT_FOUND', why);
  };
  return {
    through: async (_hop, far) => far,
    whyNot: () => why,
    near: refuse,
    inject: async () => refuse(),
    heal: async () => undefined,
    standing: async () => [],
    [Symbol.dispose]: () => undefined,
  };
}

/** `api`: of toxiproxy itself; `control`: of the guard that keeps it. */
export function connectNetwork(api: URL, control: URL, hops: ReadonlySet<Hop>): StandingNetwork {
  const toxiproxy = new Toxiproxy(api.origin);
  const guard = connectControl({ name: 'toxiproxy', address: control, code: 'TOXIPROXY_NOT_READY' });
  const proxies = new Map<Hop, HopProxy>();
  const proxyOf = (hop: Hop): HopProxy => {
    const proxy = proxies.get(hop);
    if (proxy === undefined) throw new HarnessError('TOXIPROXY_NOT_FOUND', `no toxiproxy stands on ${hop}`);
    return proxy;
  };
  return {
    async through(hop, far) {
      if (!hops.has(hop)) return far;
      const body = { name: hop.replace('->', '-to-'), listen: '127.0.0.1:0', upstream: far.host, enabled: true };
      const { name, listen } = await told(toxiproxy.createProxy(body), `a proxy on ${hop}`);
      const proxy = new HopProxy(toxiproxy, name, new URL(`${far.protocol}//${listen}`), far);
      proxies.set(hop, proxy);
      return proxy.near;
    },
    whyNot: (hop) => (proxies.has(hop) ? undefined : `no toxiproxy stands on ${hop}`),
    near: (hop) => proxyOf(hop).near,
    inject: (fault, step) => proxyOf(fault.hop).inject(fault, step),
    heal: (fault, step) => proxyOf(fault.hop).heal(step),
    standing: (fault, step) => proxyOf(fault.hop).standing(step),
    [Symbol.dispose]: () => guard[Symbol.dispose](),
  };
}

class HopProxy {
  readonly near: URL;
  readonly #toxiproxy: Toxiproxy;
  readonly #name: string;
  readonly #far: URL;
  /** Steps that hold it down. */
  readonly #downBy = new Set<number>();

  constructor(toxiproxy: Toxiproxy, name: string, near: URL, far: URL) {
    this.#toxiproxy = toxiproxy;
    this.#name = name;
    this.near = near;
    this.#far = far;
  }

  async inject(fault: NetworkFault, step: number): Promise<void> {
    const proxy = await told(this.#toxiproxy.get(this.#name), this.#name);
    for (const { type, stream, attributes } of toxicsOf(fault)) {
      const toxic = { name: `step-${step + 1}-${type}-${stream}`, type, stream, toxicity: 1, attributes };
      await told(proxy.addToxic(toxic), toxic.name);
    }
    if (fault.kind === 'network.down') this.#downBy.add(step);
    // Only connections that are opened under it are reset: those that are open would see nothing but their end.
    if (fault.kind === 'network.reset' || fault.kind === 'network.down') await this.#enable(false);
    if (fault.kind === 'network.reset') await this.#enable(this.#downBy.size === 0);
  }

  async heal(step: number): Promise<void> {
    this.#downBy.delete(step);
    for (const name of await this.#toxics(step)) {
      // What hangs is let go by closing every connection.
      await this.#remove(name).catch(() => this.#enable(false));
    }
    await this.#enable(this.#downBy.size === 0);
  }

  async standing(step: number): Promise<readonly string[]> {
    const toxics = await this.#toxics(step);
    const { enabled } = await told(this.#toxiproxy.get(this.#name), this.#name);
    return this.#downBy.has(step) && !enabled ? [...toxics, 'its proxy disabled'] : toxics;
  }

  async #remove(name: string): Promise<void> {
    const proxy = await told(this.#toxiproxy.get(this.#name), this.#name);
    const toxic = await told(proxy.getToxic(name), name);
    await told(toxic.remove(), name);
  }

  async #toxics(step: number): Promise<readonly string[]> {
    const path = `${this.#toxiproxy.host}/proxies/${this.#name}/toxics`;
    const { data } = await told(this.#toxiproxy.api.get<readonly { readonly name: string }[]>(path), 'its toxics');
    return data.map(({ name }) => name).filter((name) => name.startsWith(`step-${step + 1}-`));
  }

  async #enable(enabled: boolean): Promise<void> {
    const proxy = await told(this.#toxiproxy.get(this.#name), this.#name);
    if (proxy.enabled === enabled) return;
    await told(proxy.update({ enabled, listen: this.near.host, upstream: this.#far.host }), this.#name);
  }
}

/** What its client is asked, with a time limit and with errors that say what was asked. */
async function told<T>(asked: Promise<T>, what: string): Promise<T> {
  const late = Promise.withResolvers<never>();
  const tooLate = setTimeout(() => late.reject(new Error(`no answer in ${answerWithinMs} ms`)), answerWithinMs);
  try {
    return await Promise.race([asked, late.promise]);
  } catch (cause) {
    const { message = String(cause) } = (cause ?? {}) as { message?: string };
    throw new HarnessError('TOXIPROXY_NOT_READY', `toxiproxy did not do as asked (${what}): ${message}`, { cause });
  } finally {
    clearTimeout(tooLate);
  }
}
