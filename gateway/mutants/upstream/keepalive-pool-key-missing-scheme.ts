/** Connections are pooled by address alone: who they were opened for does not matter. */
import type { Pools } from '../../upstream/pools.ts';
import type { Mutant } from '../mutant.ts';

export const keepalivePoolKeyMissingScheme: Mutant = {
  name: 'keepalive-pool-key-missing-scheme',
  kind: 'known-bad',
  summary: 'http and https to one address share their connections',
  corpus: 'R63',
  anchor: 'apache/apisix#7466, apache/apisix#7054',
  scenario: 'https-upstreams',
  subject: 'conformance',
  wrap: (seams) => ({
    ...seams,
    createPools(names) {
      const pools = seams.createPools(names);
      const first = new Map<string, Parameters<Pools['of']>>();
      const of = pools.of.bind(pools);
      return Object.assign(pools, {
        of(...wanted: Parameters<Pools['of']>): ReturnType<Pools['of']> {
          const [{ host, port }] = wanted;
          const address = `${host}:${port}`;
          if (!first.has(address)) first.set(address, wanted);
          return of(...(first.get(address) ?? wanted));
        },
      });
    },
  }),
};
