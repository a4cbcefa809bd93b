/** Keep-alive connections to upstream nodes, one pool for all that would use the same connection. */
import { Pool } from 'undici';
import type { Node, Timeouts, Upstream } from '../config/config-objects.ts';

/** A pool that served nothing for this long is closed: its node has probably left the configuration. Milliseconds. */
const idleMs = 60_000;

interface Held {
  readonly pool: Pool;
  readonly connectMs: number;
  usedAt: number;
}

export class Pools {
  readonly #held = new Map<string, Held>();
  /** Node object → pool, so that the usual request builds no key. */
  readonly #byNode = new WeakMap<Node, Held>();
  readonly #sweep = setInterval(() => this.#closeIdle(), idleMs / 2).unref();

  /** A pool that may be used for the node now. */
  of(node: Node, upstream: Upstream, { connectMs }: Timeouts): Pool {
    const known = this.#byNode.get(node);
    if (known !== undefined && known.connectMs === connectMs && !known.pool.closed) {
      known.usedAt = Date.now();
      return known.pool;
    }
    const key = keyOf(node, upstream, connectMs);
    let held = this.#held.get(key);
    if (held === undefined || held.pool.closed) {
      this.#held.set(key, (held = { pool: connectPool(node, upstream, connectMs), connectMs, usedAt: 0 }));
    }
    held.usedAt = Date.now();
    this.#byNode.set(node, held);
    return held.pool;
  }

  async close(): Promise<void> {
    clearInterval(this.#sweep);
    await Promise.all([...this.#held.values()].map(({ pool }) => pool.destroy()));
  }

  #closeIdle(): void {
    for (const [key, { pool, usedAt }] of this.#held) {
      if (Date.now() - usedAt < idleMs) continue;
      this.#held.delete(key);
      void pool.close();
    }
  }
}

/** Everything that makes two connections to one address different. */
function keyOf(
  { host, port }: Node,
  { scheme, tls, keepalive, passHost, upstreamHost }: Upstream,
  connectMs: number,
): string {
  const secured = scheme === 'https' ? [tls, passHost, upstreamHost] : [];
  return JSON.stringify([scheme, host, port, connectMs, keepalive, ...secured]);
}

function connectPool(
  node: Node,
  { scheme, tls, keepalive, passHost, upstreamHost }: Upstream,
  connectMs: number,
): Pool {
  const name = passHost === 'rewrite' ? upstreamHost : undefined;
  return new Pool(`${scheme}://${node.host}:${node.port}`, {
    // No bound on connections: a request that waits for one has no time limit, and a slow upstream would stop the gateway.
    pipelining: 1,
    keepAliveTimeout: keepalive.idleTimeoutMs,
    connect: {
      timeout: connectMs,
      rejectUnauthorized: tls.verify,
      ...(name === undefined ? {} : { servername: name }),
      ...(tls.clientCert === undefined ? {} : { cert: tls.clientCert, key: tls.clientKey }),
    },
  });
}
