/** Keep-alive connections to upstream nodes, one pool for all that would use the same connection. */
import { isIP } from 'node:net';
import { Pool } from 'undici';
import type { Node, Timeouts, Upstream } from '../config/config-objects.ts';
import type { Resolver } from './resolver.ts';

/** A pool that served nothing for this long is closed: its node has probably left the configuration. Milliseconds. */
const idleMs = 60_000;

interface Held {
  readonly pool: Pool;
  readonly connectMs: number;
  /** Asked for in the TLS handshake. */
  readonly name: string;
  usedAt: number;
}

export class Pools {
  readonly #held = new Map<string, Held>();
  /** Node object → pool, so that the usual request builds no key. */
  readonly #byNode = new WeakMap<Node, Held>();
  readonly #resolver: Resolver;
  readonly #sweep = setInterval(() => this.#closeIdle(), idleMs / 2).unref();

  constructor(resolver: Resolver) {
    this.#resolver = resolver;
  }

  /** `serverName` is the host that the upstream sees; for https it is what the certificate is asked for (SNI). */
  of(node: Node, upstream: Upstream, { connectMs }: Timeouts, serverName: string): Pool {
    const name = upstream.scheme === 'https' ? serverNameOf(serverName) : '';
    const known = this.#byNode.get(node);
    if (known !== undefined && known.connectMs === connectMs && known.name === name && !known.pool.closed) {
      known.usedAt = Date.now();
      return known.pool;
    }
    const key = keyOf(node, upstream, connectMs, name);
    let held = this.#held.get(key);
    if (held === undefined || held.pool.closed) {
      const pool = this.#connect(node, upstream, connectMs, name);
      this.#held.set(key, (held = { pool, connectMs, name, usedAt: 0 }));
    }
    held.usedAt = Date.now();
    this.#byNode.set(node, held);
    return held.pool;
  }

  #connect({ host, port }: Node, { scheme, tls, keepalive }: Upstream, connectMs: number, name: string): Pool {
    return new Pool(`${scheme}://${host}:${port}`, {
      // No bound on connections: a request that waits for one has no time limit, and a slow upstream would stop the gateway.
      pipelining: 1,
      keepAliveTimeout: keepalive.idleTimeoutMs,
      maxRequestsPerClient: keepalive.requests,
      connect: {
        timeout: connectMs,
        lookup: this.#resolver.lookup,
        rejectUnauthorized: tls.verify,
        ...(name === '' ? {} : { servername: name }),
        ...(tls.clientCert === undefined ? {} : { cert: tls.clientCert, key: tls.clientKey }),
      },
    });
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
function keyOf({ host, port }: Node, { scheme, tls, keepalive }: Upstream, connectMs: number, name: string): string {
  return JSON.stringify([scheme, host, port, connectMs, keepalive, ...(scheme === 'https' ? [tls, name] : [])]);
}

/** Without its port; empty for an address, which is no name (RFC 6066 §3). */
function serverNameOf(host: string): string {
  const name = host.replace(/:\d+$/, '');
  return isIP(name.replace(/^\[(.*)\]$/, '$1')) === 0 ? name : '';
}
