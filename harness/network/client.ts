/**
 * Toxiproxy as the harness holds it: a proxy for each hop that is hurt. Its Node client is made up for where it has nothing:
 * it cannot list toxics, and has no time limit of its own.
 */
import { Toxiproxy } from 'toxiproxy-node-client';
import type { Hop, NetworkFault } from '../../scenarios/network-faults.ts';
import { type KeptByHeartbeat, connectControl } from '../control/client.ts';
import { HarnessError } from '../model/errors.ts';
import type { Network } from '../model/network.ts';
import { toxicsOf } from './toxics.ts';

/** Toxiproxy may hang when a toxic is removed under load (Shopify/toxiproxy#412). Milliseconds. */
const answerWithinMs = 1_500;

export interface StandingNetwork extends Network, KeptByHeartbeat {
  /** Puts a proxy on the hop, or one more, when it is one that is hurt; resolves with where the near side has to connect. */
  through(hop: Hop, far: URL): Promise<URL>;
}

/** On which nothing can be hurt, with the reason. */
export function soundNetwork(why: string): StandingNetwork {
  const refuse = (): never => {
    throw new HarnessError('TOXIPROXY_NOT_FOUND', why);
  };
  return {
    by: 'nothing',
    through: async (_hop, far) => far,
    whyNot: () => why,
    near: refuse,
    inject: async () => refuse(),
    heal: async () => undefined,
    standing: async () => [],
    healedItself: Promise.withResolvers<never>().promise,
    [Symbol.dispose]: () => undefined,
  };
}

export interface NetworkAccess {
  /** Of toxiproxy itself. */
  readonly api: URL;
  /** Of the guard that keeps it. */
  readonly control: URL;
  /** A free one, for the near side of a hop. */
  readonly address: () => Promise<URL>;
}

export function connectNetwork({ api, control, address }: NetworkAccess, hops: ReadonlySet<Hop>): StandingNetwork {
  const toxiproxy = new Toxiproxy(api.origin);
  const { ask: _ask, ...kept } = connectControl({ name: 'toxiproxy', address: control, code: 'TOXIPROXY_NOT_READY' });
  const proxies = new Map<Hop, HopProxy[]>();
  const of = (hop: Hop): readonly [HopProxy, ...HopProxy[]] => {
    const [first, ...others] = proxies.get(hop) ?? [];
    if (first === undefined) throw new HarnessError('TOXIPROXY_NOT_FOUND', `no toxiproxy stands on ${hop}`);
    return [first, ...others];
  };
  const each = async <Answer>(hop: Hop, act: (proxy: HopProxy) => Promise<Answer>): Promise<readonly Answer[]> =>
    Promise.all(of(hop).map(act));
  return {
    by: 'toxiproxy',
    async through(hop, far) {
      if (!hops.has(hop)) return far;
      const standing = proxies.get(hop) ?? [];
      const own = `${hop.replace('->', '-to-')}-${standing.length + 1}`;
      const { host: free } = await address();
      const body = { name: own, listen: free, upstream: far.host, enabled: true };
      const { name, listen } = await told(toxiproxy.createProxy(body), `a proxy on ${hop}`);
      const proxy = new HopProxy(toxiproxy, name, new URL(`${far.protocol}//${listen}`), far);
      proxies.set(hop, [...standing, proxy]);
      return proxy.near;
    },
    whyNot: (hop) => (proxies.has(hop) ? undefined : `no toxiproxy stands on ${hop}`),
    near: (hop) => of(hop)[0].near,
    async inject(fault, step) {
      await each(fault.hop, (proxy) => proxy.inject(fault, step));
    },
    async heal(fault, step) {
      await each(fault.hop, (proxy) => proxy.heal(step));
    },
    // Of several proxies each has the same; what one alone has left is left.
    standing: async (fault, step) => [...new Set((await each(fault.hop, (proxy) => proxy.standing(step))).flat())],
    ...kept,
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
