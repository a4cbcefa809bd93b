import type { ConformanceRequest } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { echoed, lightTrial, route } from './request.ts';

/** Asked several times, each on a connection of its own: one worker that still lets it through is seen. */
function onEveryWorker(name: string, line: string): readonly ConformanceRequest[] {
  return [1, 2, 3, 4].map((turn) => echoed(`${name}, ${turn}`, line));
}

/** Blocks are written and lifted, which events tell the workers; in the tail a full read does, and a start from nothing. */
export const oneClickBlock: Scenario = {
  ...lightTrial,
  name: 'one-click-block',
  claim: 'What is blocked is blocked on every worker, what is lifted is open again, and nothing beside it is touched.',
  anchors: [],
  phases: { warmup: '500ms', baseline: '500ms', fault: '3s', settle: '1s' },
  timeline: [{ at: '1s', hold: '500ms', fault: { kind: 'watch.cut' } }],
  tail: 'cold',
  convergeWithin: '12s',
  conformance: {
    objects: {
      'routes/c-all': route('/*'),
      'blocks/early': { uri: '/early/*' },
      'blocks/later': { uri: '/later' },
      'blocks/other-host': { host: 'other.test', uri: '/*' },
    },
    edits: [
      { at: '300ms', objects: { 'blocks/early': null, 'blocks/now': { uri: '/now/*' } } },
      {
        at: '2s',
        objects: {
          'blocks/later': null,
          'blocks/here': { host: 'conformance.test', uri: '/here' },
          'blocks/nobody': { remote_addr: '203.0.113.7' },
        },
      },
    ],
    requests: [
      ...(onEveryWorker('blocked', 'GET /now/x') as [ConformanceRequest]),
      ...onEveryWorker('blocked after a cut', 'GET /here'),
      ...onEveryWorker('lifted', 'GET /early/x'),
      ...onEveryWorker('lifted after a cut', 'GET /later'),
      echoed('escaped', 'GET /n%6Fw/x'),
      echoed('beside it', 'GET /nowhere'),
      echoed('another method', 'POST /here', 'Content-Length: 0'),
      echoed('another host', 'GET /here', 'Host: other.test'),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
  ],
};
