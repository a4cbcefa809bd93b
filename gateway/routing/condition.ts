/** What a request must fulfil besides host, path and method. */
import { BlockList, isIP } from 'node:net';
import { BadItem } from '../config/bad-item.ts';

/** The request as a condition sees it; `variable` knows the names of nginx and APISIX, such as `arg_id`. */
export interface Asked {
  variable(name: string): string | undefined;
}

export type Condition = (request: Asked) => boolean;

/** True when all are; undefined when there is none. */
export function allOf(conditions: readonly (Condition | undefined)[]): Condition | undefined {
  const given = conditions.filter((each) => each !== undefined);
  return given.length === 0 ? undefined : everyOf(given);
}

/** True when all are, or when there is none. Nothing is made for a request, and a condition that is alone is asked itself. */
export function everyOf(conditions: readonly Condition[]): Condition {
  const [only] = conditions;
  if (only !== undefined && conditions.length === 1) return only;
  return (request) => {
    for (const condition of conditions) if (!condition(request)) return false;
    return true;
  };
}

/** Whether the client's address is one of these or in one of these networks. Throws BadItem. */
export function addressCondition(addresses: readonly string[]): Condition {
  const matches = addressMatcher(addresses);
  return (request) => matches(request.variable('remote_addr') ?? '');
}

/** Addresses and networks (CIDR, RFC 4632), IPv4 and IPv6. Throws BadItem. */
export function addressMatcher(addresses: readonly string[]): (address: string) => boolean {
  const list = new BlockList();
  for (const entry of addresses) add(list, entry);
  return (address) => {
    const version = isIP(address);
    return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
  };
}

function add(list: BlockList, entry: string): void {
  const [address = '', bits, ...more] = entry.split('/');
  const version = isIP(address);
  const most = version === 4 ? 32 : 128;
  const length = bits === undefined ? most : /^\d{1,3}$/.test(bits) ? Number(bits) : Number.NaN;
  if (version === 0 || more.length > 0 || !(length <= most)) throw new BadItem(`"${entry}" is no address or network`);
  list.addSubnet(address, length, version === 4 ? 'ipv4' : 'ipv6');
}
