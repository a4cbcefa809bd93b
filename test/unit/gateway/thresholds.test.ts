/** When a node changes between healthy and unhealthy. */
import { expect, test } from 'vitest';
import { type Evidence, type Rules, evidenceOf, noCounts, weigh } from '../../../gateway/upstream/health/thresholds.ts';

const rules: Rules = {
  healthy: { successes: 2, statuses: [200] },
  unhealthy: { httpFailures: 3, tcpFailures: 2, timeouts: 0, statuses: [500] },
};

/** What was decided after the last of them. */
function after(evidence: readonly Evidence[], by: Rules = rules): boolean | undefined {
  let counts = noCounts;
  let healthy: boolean | undefined;
  for (const each of evidence) ({ counts, healthy } = weigh(counts, each, by));
  return healthy;
}

test.each<[string, readonly Evidence[], boolean | undefined]>([
  ['fewer bad answers than the threshold', ['http', 'http'], undefined],
  ['as many', ['http', 'http', 'http'], false],
  ['a success between them', ['http', 'http', 'success', 'http'], undefined],
  ['failures of several sorts, none often enough', ['http', 'http', 'tcp'], undefined],
  ['broken connections among bad answers', ['tcp', 'http', 'tcp'], false],
  ['a sort whose threshold is 0', ['timeout', 'timeout', 'timeout', 'timeout'], undefined],
  ['too few successes', ['success'], undefined],
  ['enough', ['success', 'success'], true],
  ['a failure between them', ['success', 'http', 'success'], undefined],
])('%s', (_name, evidence, healthy) => {
  expect(after(evidence)).toBe(healthy);
});

test('a threshold of 0 for successes: nothing makes it healthy', () => {
  const never = { ...rules, healthy: { ...rules.healthy, successes: 0 } };
  expect(after(['success', 'success', 'success'], never)).toBeUndefined();
});

test.each([
  [200, 'success'],
  [500, 'http'],
  [404, undefined],
])('status %i says %s', (status, evidence) => {
  expect(evidenceOf(status, rules)).toBe(evidence);
});
