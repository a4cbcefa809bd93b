/**
 * A sample of the kill matrix, end to end: known-bad builds are caught and the right thing is named, and the clean build is not.
 * All of it by `make regressions`, which docs/TRACK-RECORD.md tells of.
 */
import { expect, test } from 'vitest';
import type { Verdict } from '../../harness/model/verdict.ts';
import { gatecrash, runFolder } from '../support/cli.ts';

async function verdictOf(args: readonly string[]): Promise<Verdict> {
  using run = runFolder();
  const { stdout, stderr } = await gatecrash([...args, '--out', run.folder, '--json']);
  expect(stdout, stderr).not.toBe('');
  return JSON.parse(stdout) as Verdict;
}

test.each([
  ['reject-encoded-chars', 'conformance'],
  ['delete-events-lost', 'no-lost-update'],
])(
  '%s is caught by %s',
  async (mutant, subject) => {
    const { decision, because, scenarios } = await verdictOf(['reproduce', mutant]);
    const named = scenarios.flatMap(({ findings }) => findings.filter((finding) => finding.decision === 'regression'));
    expect([decision, named.map((finding) => finding.subject)], because).toEqual([
      'regression',
      expect.arrayContaining([subject]),
    ]);
  },
  800_000,
);

test('the clean build is not', async () => {
  const equal = ['canary', '--stable', 'reference@.', '--canary', 'reference@.', '--scenario', 'request-paths'];
  const { decision, because } = await verdictOf(equal);
  expect(decision, because).toBe('safe');
}, 800_000);
