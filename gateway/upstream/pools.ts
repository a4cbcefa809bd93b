/** Keep-alive connections to upstream nodes, one pool per node and connect timeout. */
import { Pool } from 'undici';
import type { Node, Upstream } from '../config/config-objects.ts';

/** A pool that served nothing for this long is closed: its node has probably left the configuration. Milliseconds. */
const idleMs = 60_000;

interface Held {
  readonly pool: Pool;
  usedAt: number;
}

export class Pools {
  readonly #held = new Map<string, Held>();
  /** Node object → pool, so that the usual request builds no key. */
  readonly #byNode = new WeakMap<Node, Held>();
  readonly #sweep = setInterval(() => this.#closeIdle(), idleMs / 2).unref();

  of(node: Node, { timeout: { connectMs } }: Upstream): Pool {
    const known = this.#byNode.get(node);
    if (known !== undefined && !known.pool.closed) {
      known.usedAt = Date.now();
      return known.pool;
    }
    const key = `${node.host}:${node.port} ${connectMs}`;
    let held = this.#held.get(key);
    if (held === undefined || held.pool.closed) {
      const host = node.host.includes(':') && !node.host.startsWith('[') ? `[${node.host}]` : node.host;
      // No bound on connections: a request that waits for one has no time limit, and a slow upstream would stop the gateway.
      const pool = new Pool(`http://${host}:${node.port}`, { connect: { timeout: connectMs }, pipelining: 1 });
      this.#held.set(key, (held = { pool, usedAt: 0 }));
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
