import { spawnSync } from 'node:child_process';
import { expect, test } from 'vitest';

const gateway = (...args: readonly string[]): { code: number | null; out: string; error: string } => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['gateway/main.ts', ...args], { encoding: 'utf8' });
  return { code: status, out: stdout, error: stderr };
};

test('--list-mutants tells of each variant what it is and what must catch it', () => {
  const { code, out } = gateway('--list-mutants');
  expect(code).toBe(0);
  const all = JSON.parse(out) as readonly Record<string, string>[];
  const list = all.filter(({ kind }) => kind !== 'dosed');
  expect(all.length).toBeGreaterThan(list.length);
  expect(list.map(({ name, kind, corpus, scenario, subject }) => [name, kind, corpus, scenario, subject])).toEqual([
    ['watch-advance-on-timeout', 'known-bad', 'R01', 'watch-silent-death', 'no-lost-update'],
    ['drop-config-on-disconnect', 'known-bad', 'R14', 'etcd-overload', 'serve-last-good'],
    ['router-sort-per-insert', 'known-bad', 'R32', 'route-flood', 'latency-p99'],
    ['access-log', 'benign', '-', '-', '-'],
  ]);
  for (const { summary, anchor } of list) expect([summary, anchor]).not.toContain('');
});

test('--version tells the version; anything else is refused and starts nothing', () => {
  expect(gateway('--version')).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
  expect(gateway('--list-mutant')).toMatchObject({ code: 2, out: '', error: expect.stringContaining('--list-mutant') });
  expect(gateway('--version', 'x').code).toBe(2);
});
