import type { ConformanceRequest } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { asked, echoed, lightTrial, route } from './request.ts';

/** Asked several times, each on a connection of its own: one worker that still lets it through is seen. */
function onEveryWorker(name: string, line: string): readonly ConformanceRequest[] {
  return [1, 2, 3, 4].map((turn) => ({ ...echoed(`${name}, ${turn}`, line), when: 'after' }));
}

const block = 'POST /apisix/admin/block';
const lift = 'DELETE /apisix/admin/block';

/**
 * Blocks are clicked and lifted by the Admin API of one gateway, and looked for on every worker of two; the second time the watch
 * is lost right after the clicks. In the tail a full read tells of those that stay, and a start from nothing.
 */
export const oneClickBlock: Scenario = {
  ...lightTrial,
  name: 'one-click-block',
  claim: 'A block holds soon on every worker of every gateway, what is lifted is open again, and nothing else is hit.',
  anchors: [],
  // Timed: how soon a block holds everywhere.
  arms: 'in-turn',
  gateway: { workers: 2, watchTimeout: '10s', beside: 1 },
  table: { settled: 20, ballast: 20 },
  load: { ratePerSecond: 100, connections: 8 },
  phases: { warmup: '500ms', baseline: '500ms', fault: '8s', settle: '2s' },
  timeline: [
    { at: '500ms', hold: '2s', repeat: { gap: '1500ms', times: 2 }, fault: { kind: 'routes.block', routes: 12 } },
    { at: '4500ms', hold: '500ms', fault: { kind: 'watch.cut' } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  conformance: {
    objects: {
      'routes/c-all': route('/*'),
      'blocks/early': { uri: '/early/*' },
      'blocks/other-host': { host: 'other.test', uri: '/*' },
    },
    requests: [
      asked('block below a path', block, { uri: '/now/*' }),
      asked('block below a path once more', block, { uri: '/now/*' }),
      asked('block a path of a host', block, { host: 'conformance.test', uri: '/here' }),
      asked('block an address', block, { remote_addr: '203.0.113.7' }),
      asked('block for a second', block, { uri: '/brief', ttl: 1 }),
      asked('block for a moment', block, { uri: '/lifted' }),
      asked('lift it', lift, { uri: '/lifted' }),
      asked('lift it once more', lift, { uri: '/lifted' }),
      asked('lift what was never blocked', lift, { uri: '/never' }),
      asked('lift by the id', 'DELETE /apisix/admin/blocks/early'),
      asked('block everything', block, {}),
      asked('block what is no path', block, { uri: 'now' }),
      asked('block with another field', block, { uri: '/now', method: 'GET' }),
      asked('block for less than a second', block, { uri: '/now', ttl: 0 }),
      { ...asked('block without the key', block, { uri: '/free' }), head: [`${block} HTTP/1.1`, 'X-API-KEY: wrong'] },
      ...onEveryWorker('blocked', 'GET /now/x'),
      ...onEveryWorker('blocked at its host', 'GET /here'),
      ...onEveryWorker('lifted', 'GET /early/x'),
      ...onEveryWorker('lifted at once', 'GET /lifted'),
      ...onEveryWorker('lifted by itself', 'GET /brief'),
      ...onEveryWorker('never blocked', 'GET /free'),
      echoed('escaped', 'GET /n%6Fw/x'),
      echoed('beside it', 'GET /nowhere'),
      echoed('another method', 'POST /here', 'Content-Length: 0'),
      echoed('another host', 'GET /here', 'Host: other.test'),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
