import type { ConformanceRequest, StoredValue } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { host, lightTrial, route } from './request.ts';

function secured(uri: string, name: string): StoredValue {
  const nodes = { '{upstream}': 1 };
  return { host, uri, upstream: { scheme: 'https', pass_host: 'rewrite', upstream_host: name, nodes } };
}

/** More than once each: with connections that are kept, on every worker. */
const turns = [1, 2, 3, 4];

/** At one address there is HTTP in the clear, and TLS for two names: connections to it are three kinds. */
export const httpsUpstreams: Scenario = {
  ...lightTrial,
  name: 'https-upstreams',
  claim: 'A request goes over a connection of the kind that its upstream asks for, whatever else goes to that address.',
  anchors: ['apache/apisix#7466', 'apache/apisix#7054', 'apache/apisix#8280'],
  upstream: { tls: true },
  conformance: {
    objects: {
      'routes/c-clear': route('/clear'),
      'routes/c-one': secured('/one', 'one.test'),
      'routes/c-other': secured('/other', 'other.test'),
    },
    requests: turns.flatMap((turn) =>
      ['/clear', '/one', '/other'].map((path): ConformanceRequest => {
        return { name: `${path}, ${turn}`, head: [`GET ${path} HTTP/1.1`, 'X-Case: scheme'] };
      }),
    ) as [ConformanceRequest],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
