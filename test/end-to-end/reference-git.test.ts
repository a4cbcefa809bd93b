/** `reference@git:<ref>`: the gateway of this repository at another commit. */
import { execFileSync } from 'node:child_process';
import { existsSync, globSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';
import { commitOf } from '../../harness/gateways/checkout.ts';
import { gatecrash } from '../support/cli.ts';
import { placeWith } from '../support/short-scenario.ts';

const head = commitOf('HEAD');
/** Some may be there that somebody else has left, or is about to take away. */
const laidOut = (): readonly string[] => globSync(path.join(tmpdir(), 'gatecrash-commit-*'));

test('the commit is run from the scratch of the run, which is gone afterwards', async (context) => {
  if (head === undefined) return context.skip('this is no git checkout');
  using place = placeWith();
  const before = laidOut();
  const out = path.join(place.folder, 'run');
  const args = ['run', place.scenario, '--gateway', `reference@git:${head.slice(0, 10)}`, '--out', out];
  const { code, stdout, stderr } = await gatecrash(args);
  expect(code, stdout + stderr).toBe(0);
  const [first = '{}'] = readFileSync(path.join(out, 'journal.ndjson'), 'utf8').split('\n');
  const { scratch } = JSON.parse(first) as { readonly scratch: string };
  expect(existsSync(scratch)).toBe(false);
  expect(laidOut().filter((folder) => !before.includes(folder))).toEqual([]);
  const worktrees = execFileSync('git', ['worktree', 'list'], { encoding: 'utf8' });
  expect(worktrees).not.toContain(scratch);
});

test('its mutants are those of the commit, and what git does not know is a mistake', async (context) => {
  if (head === undefined) return context.skip('this is no git checkout');
  const builds = [
    '--stable',
    'reference@git:no-such-branch',
    '--canary',
    `reference@git:${head}+watch-advanc-on-timeout`,
  ];
  const { code, stderr } = await gatecrash(['canary', ...builds]);
  expect(code).toBe(3);
  expect(stderr).toContain('reference@git:no-such-branch: git knows no commit "no-such-branch"');
  expect(stderr).toContain('unknown mutant "watch-advanc-on-timeout"; did you mean "watch-advance-on-timeout"?');
});

test('an image is a mistake where there are no containers', async () => {
  const { code, stderr } = await gatecrash(['run', 'none', '--gateway', 'reference@image:gatecrash/gateway:1']);
  expect([code, stderr]).toEqual([3, expect.stringContaining('an image is run by containers; add --runtime docker')]);
});
