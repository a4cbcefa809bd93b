/** Keep-alive connections to upstream nodes, one pool for all that would use the same connection. */
import { isIP } from 'node:net';
import { buildConnector } from 'undici';
import type { Node, Timeouts, Upstream } from '../config/config-objects.ts';
import { Connections } from './connections.ts';
import { Names } from './names.ts';

/** A pool that served nothing for this long is closed: its node has probably left the configuration. Milliseconds. */
const idleMs = 60_000;
/** Addresses of a name change; those of long ago are not remembered. */
const mostAddresses = 64;
/** Names of servers come from clients (`pass_host: pass`), who must not make the gateway hold ever more connections. */
const mostPools = 4_096;

interface Held {
  readonly key: string;
  readonly pool: Connections;
  readonly connectMs: number;
  readonly serverName: string | undefined;
  usedAt: number;
}

/** What is known of a node object, so that the usual request builds no key. */
interface KnownNode {
  /** The node's host is no address. */
  readonly named: boolean;
  /** The pool used last, by the address that it goes to; '' for the node's own. */
  readonly last: Map<string, Held>;
}

export class Pools {
  readonly #names: Names;
  /** By key; the one used least recently is among the first. */
  readonly #held = new Map<string, Held>();
  readonly #byNode = new WeakMap<Node, KnownNode>();
  readonly #sweep = setInterval(() => this.#closeIdle(), idleMs / 2).unref();

  constructor(names: Names = new Names()) {
    this.#names = names;
  }

  /** A pool that may be used for the node now. `serverName` is what an https upstream is asked for (SNI). */
  of(node: Node, upstream: Upstream, { connectMs }: Timeouts, serverName?: string): Connections {
    const { named, last } = this.#known(node);
    const address = named ? (this.#names.next(node.host) ?? '') : '';
    const known = last.get(address);
    const fits = known?.connectMs === connectMs && known.serverName === serverName;
    const held =
      known !== undefined && fits && !known.pool.closed
        ? known
        : this.#hold({ node, upstream, connectMs, serverName, address: named ? address : undefined });
    held.usedAt = Date.now();
    if (held !== known) {
      if (last.size >= mostAddresses) last.clear();
      last.set(address, held);
    }
    return held.pool;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#held.values()].map(({ pool }) => pool.destroy()));
  }

  #known(node: Node): KnownNode {
    let known = this.#byNode.get(node);
    if (known === undefined) {
      known = { named: isIP(node.host.replace(/^\[(.*)\]$/, '$1')) === 0, last: new Map() };
      this.#byNode.set(node, known);
    }
    return known;
  }

  #hold(target: Target): Held {
    const key = keyOf(target);
    const known = this.#held.get(key);
    if (known !== undefined && !known.pool.closed) return known;
    if (this.#held.size >= mostPools) this.#closeOldest();
    const { connectMs, serverName } = target;
    const made = { key, pool: connectPool(target, this.#names), connectMs, serverName, usedAt: 0 };
    this.#held.set(key, made);
    return made;
  }

  #closeOldest(): void {
    const oldest = [...this.#held.values()].reduce((a, b) => (b.usedAt < a.usedAt ? b : a));
    this.#close(oldest);
  }

  #closeIdle(): void {
    for (const held of this.#held.values()) if (Date.now() - held.usedAt >= idleMs) this.#close(held);
  }

  /** What is under way ends first. */
  #close({ key, pool }: Held): void {
    this.#held.delete(key);
    pool.close();
  }
}

interface Target {
  readonly node: Node;
  readonly upstream: Upstream;
  readonly connectMs: number;
  readonly serverName: string | undefined;
  /** Of a node that has a name: where to go; '' when that is not known yet. */
  readonly address: string | undefined;
}

/** Everything that makes two connections to one address different. */
function keyOf({ node, upstream, connectMs, serverName, address }: Target): string {
  const { scheme, tls, keepalive } = upstream;
  const secured = scheme === 'https' ? [tls, serverName] : [];
  return JSON.stringify([scheme, node.host, node.port, address, connectMs, keepalive, ...secured]);
}

function connectPool({ node, upstream, connectMs, serverName, address }: Target, names: Names): Connections {
  const { scheme, tls, keepalive } = upstream;
  const connect = buildConnector({
    // As APISIX, which speaks HTTP/1.1 to upstreams; undici would offer HTTP/2 too.
    allowH2: false,
    timeout: connectMs,
    rejectUnauthorized: tls.verify,
    ...(address === undefined ? {} : { lookup: names.lookup(address === '' ? undefined : address) }),
    ...(serverName === undefined ? {} : { servername: serverName }),
    ...(tls.clientCert === undefined ? {} : { cert: tls.clientCert, key: tls.clientKey }),
  });
  const client = {
    connect,
    // 0 closes each connection after its answer.
    pipelining: keepalive.idleTimeoutMs === 0 ? 0 : 1,
    ...(keepalive.idleTimeoutMs === 0 ? {} : { keepAliveTimeout: keepalive.idleTimeoutMs }),
    maxRequestsPerClient: keepalive.requests,
  };
  return new Connections(`${scheme}://${node.host}:${node.port}`, { client, mostIdle: keepalive.size });
}
