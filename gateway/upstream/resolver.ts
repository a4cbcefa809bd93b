/**
 * Names of nodes to addresses, for as long as DNS says that they hold (RFC 1035 §3.2.1). Once a name is known no request
 * waits for DNS again: it is asked in the background, and while it does not answer the last good addresses serve on.
 */
import { Resolver as DnsResolver, lookup as systemLookup } from 'node:dns/promises';
import { type LookupFunction, isIP } from 'node:net';

/** Seconds: a record that says 0 would be asked for with every connection, one that says a week never again. */
const ttlBounds = { least: 1, most: 300 };
/** Of names from the hosts file, which has no such time. Seconds. */
const systemTtl = 10;
/** A name that nobody has asked for in this time is forgotten. Milliseconds. */
const idleMs = 600_000;

interface Address {
  readonly address: string;
  readonly family: 4 | 6;
}

interface Known {
  addresses: readonly Address[];
  staleAt: number;
  usedAt: number;
  turn: number;
  refreshing: Promise<void> | undefined;
}

interface Found {
  readonly addresses: readonly Address[];
  readonly ttl: number;
}

export class Resolver {
  readonly #dns = new DnsResolver({ timeout: 2_000, tries: 2 });
  readonly #known = new Map<string, Known>();

  /** `server` is `host:port` of a DNS server; undefined: those of the system. */
  constructor(server?: string) {
    if (server !== undefined) this.#dns.setServers([server]);
  }

  /** In the form in which `net.connect` asks for addresses. */
  readonly lookup: LookupFunction = (hostname, options, callback) => {
    this.#addresses(hostname).then(
      (addresses) => {
        const [first] = addresses;
        if (first === undefined) callback(notFound(hostname), '');
        else if (options.all === true) callback(null, [...addresses]);
        else callback(null, first.address, first.family);
      },
      (error: NodeJS.ErrnoException) => callback(error, ''),
    );
  };

  async #addresses(name: string): Promise<readonly Address[]> {
    const now = Date.now();
    let known = this.#known.get(name);
    if (known === undefined) {
      this.#forgetIdle(now);
      known = { addresses: [], staleAt: 0, usedAt: now, turn: 0, refreshing: undefined };
      this.#known.set(name, known);
    }
    known.usedAt = now;
    if (known.staleAt <= now) known.refreshing ??= this.#refresh(name, known);
    if (known.addresses.length === 0) await known.refreshing;
    // In turn, so that all addresses behind one name get their share.
    const start = known.turn++ % Math.max(1, known.addresses.length);
    return [...known.addresses.slice(start), ...known.addresses.slice(0, start)];
  }

  /** Rejects only when there is nothing older to serve on with. */
  async #refresh(name: string, known: Known): Promise<void> {
    try {
      const { addresses, ttl } = await this.#ask(name);
      known.addresses = addresses;
      known.staleAt = Date.now() + ttl * 1_000;
    } catch (error) {
      known.staleAt = Date.now() + ttlBounds.least * 1_000;
      if (known.addresses.length > 0) return;
      this.#known.delete(name);
      throw error;
    } finally {
      known.refreshing = undefined;
    }
  }

  async #ask(name: string): Promise<Found> {
    // Names of this host alone are no business of a DNS server, which might keep us waiting for them.
    if (name === 'localhost') return this.#askSystem(name);
    const answers = await Promise.allSettled([
      this.#dns.resolve4(name, { ttl: true }),
      this.#dns.resolve6(name, { ttl: true }),
    ]);
    const records = answers.flatMap((answer) => (answer.status === 'fulfilled' ? answer.value : []));
    if (records.length === 0) return this.#askSystem(name);
    const shortest = Math.min(...records.map(({ ttl }) => ttl));
    return {
      addresses: records.map(({ address }) => ({ address, family: isIP(address) === 6 ? 6 : 4 })),
      ttl: Math.min(ttlBounds.most, Math.max(ttlBounds.least, shortest)),
    };
  }

  /** The hosts file, and whatever else the system asks. */
  async #askSystem(name: string): Promise<Found> {
    const found = await systemLookup(name, { all: true });
    return {
      addresses: found.map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 })),
      ttl: systemTtl,
    };
  }

  #forgetIdle(now: number): void {
    for (const [name, { usedAt }] of this.#known) if (now - usedAt > idleMs) this.#known.delete(name);
  }
}

function notFound(name: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`no address for "${name}"`), { code: 'ENOTFOUND' });
}
