/** One question for the addresses of a name: to the DNS, and to the system for what stands in the hosts file. */
import { type RecordWithTtl, promises as dns } from 'node:dns';

/** Milliseconds, as all of these. A TTL of 0 would mean a question per request; one of days, no change ever. */
const ttlBounds = { least: 1_000, most: 300_000 };
/** Of an answer that has no TTL: from the hosts file. */
const systemTtl = 10_000;

export interface Found {
  readonly addresses: readonly string[];
  readonly fromDns: boolean;
  readonly ttlMs: number;
}

/** `system`: whether its answer counts when the DNS has none. */
export type Resolve = (name: string, system: boolean) => Promise<Found>;

/** `server` is `address:port`; undefined: those of the system. */
export function resolverOf(server: string | undefined): Resolve {
  const resolver = new dns.Resolver({ timeout: 2_000, tries: 2 });
  if (server !== undefined) resolver.setServers([server]);
  return async (name, system) => {
    // Never the DNS's (RFC 6761 §6.3).
    if (/(^|\.)localhost\.?$/i.test(name)) return fromSystem(name);
    try {
      return found(await fromDns(resolver, name));
    } catch (error) {
      if (!system) throw error;
      return fromSystem(name).catch(() => {
        throw error;
      });
    }
  };
}

/** AAAA only when there is no A, as APISIX does: where IPv6 is not routed, every other request would fail. */
async function fromDns(resolver: dns.Resolver, name: string): Promise<readonly RecordWithTtl[]> {
  try {
    return await resolver.resolve4(name, { ttl: true });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENODATA') throw error;
    return resolver.resolve6(name, { ttl: true });
  }
}

function found(records: readonly RecordWithTtl[]): Found {
  const least = Math.min(...records.map(({ ttl }) => ttl * 1_000));
  return {
    addresses: records.map(({ address }) => address),
    fromDns: true,
    ttlMs: Math.max(ttlBounds.least, Math.min(ttlBounds.most, least)),
  };
}

async function fromSystem(name: string): Promise<Found> {
  const all = await dns.lookup(name, { all: true, order: 'ipv4first' });
  const v4 = all.filter(({ family }) => family === 4);
  return { addresses: (v4.length > 0 ? v4 : all).map(({ address }) => address), fromDns: false, ttlMs: systemTtl };
}
