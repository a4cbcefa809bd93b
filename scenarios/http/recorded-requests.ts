import type { Scenario } from '../scenario.ts';
import { framing } from './recorded/framing.ts';
import { headers } from './recorded/headers.ts';
import { everyMethod } from './recorded/methods.ts';
import { paths } from './recorded/paths.ts';
import { streams } from './recorded/streams.ts';
import { lightTrial, route } from './request.ts';

/** A few hundred requests as clients send them, and as they should not: the same to every arm, answer against answer. */
export const recordedRequests: Scenario = {
  ...lightTrial,
  name: 'recorded-requests',
  claim: 'Whatever a client may send is answered as before: paths, methods, headers, framing, WebSocket, streams.',
  anchors: ['traefik/traefik#12360', 'apache/apisix#13626', 'istio/istio#13851', 'Kong/kong#4718'],
  conformance: {
    objects: {
      'routes/c-all': route('/all*'),
      'routes/c-some': route('/some', { methods: ['GET', 'POST'] }),
      'routes/c-ws': route('/ws', { enable_websocket: true }),
    },
    requests: [
      { name: 'plain', head: ['GET /all HTTP/1.1', 'X-Case: echo'] },
      ...paths,
      ...everyMethod,
      ...headers,
      ...framing,
      ...streams,
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
