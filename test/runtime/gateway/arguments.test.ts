import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const gateway = (...args: readonly string[]): { code: number | null; out: string; error: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['gateway/main.ts', ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
};

test('--list-mutants tells of each variant what it is and what must catch it', () => {
  const { code, out } = gateway('--list-mutants');
  expect(code).toBe(0);
  const list = JSON.parse(out) as readonly Record<string, string>[];
  expect(list.filter(({ kind }) => kind === 'known-bad').length).toBeGreaterThanOrEqual(60);
  expect(list.filter(({ kind }) => kind === 'benign').length).toBeGreaterThanOrEqual(6);
  expect(list.find(({ name }) => name === 'watch-advance-on-timeout')).toMatchObject({
    kind: 'known-bad',
    corpus: 'R01',
    scenario: 'watch-silent-death',
    subject: 'no-lost-update',
  });
  for (const { summary, anchor } of list) expect([summary, anchor]).not.toContain('');
});

test('--version tells the version; anything else is refused and starts nothing', () => {
  expect(gateway('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(gateway('--list-mutant')).toMatchObject({ code: 2, out: '', error: expect.stringContaining('--list-mutant') });
  expect(gateway('--version', 'x').code).toBe(2);
});
