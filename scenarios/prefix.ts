import type { Scenario } from './scenario.ts';

/** What every key of the gateway in etcd begins with. */
export function prefixOf({ gateway }: Pick<Scenario, 'gateway'>): string {
  return gateway.prefix ?? '/apisix';
}
