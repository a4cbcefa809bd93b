import type { ConformanceRequest } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { lightTrial, route } from './request.ts';

/** The client stays silent for a while, as such clients do, before it says something. */
function upgrade(name: string, path: string, connection: string, protocol = 'Upgrade: websocket'): ConformanceRequest {
  const key = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'];
  return { name, head: [`GET ${path} HTTP/1.1`, connection, protocol, ...key], pause: '700ms', body: 'hello' };
}

/** WebSocket in the spellings that browsers and libraries have for it, and kept open without a word. */
export const protocolChanges: Scenario = {
  ...lightTrial,
  name: 'protocol-changes',
  claim: 'Whoever asks for a WebSocket gets one, and it stays open.',
  anchors: ['Kong/kong#4718', 'traefik/traefik#10589', 'apache/apisix#7187'],
  conformance: {
    objects: {
      'routes/c-ws': route('/ws', { enable_websocket: true }),
      'routes/c-no-ws': route('/no-ws'),
    },
    requests: [
      upgrade('as written', '/ws', 'Connection: Upgrade'),
      upgrade('in lower case', '/ws', 'connection: upgrade', 'upgrade: websocket'),
      upgrade('as Firefox writes it', '/ws', 'Connection: keep-alive, Upgrade'),
      upgrade('in another case', '/ws', 'Connection: Upgrade', 'Upgrade: WebSocket'),
      upgrade('where it is not allowed', '/no-ws', 'Connection: close, Upgrade'),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
