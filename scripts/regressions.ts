/**
 * `make regressions`: runs the cells of the kill matrix that have no result yet, one after the other, and writes
 * docs/TRACK-RECORD.md after each. Can be stopped at any time. ONLY: builds, scenarios, or `build/scenario` (`clean` is the
 * build without mutants), SHARD: `1/3`, MINUTES: no cell is begun later, AGAIN: also those that have a result. Evidence of what
 * came out wrong is kept.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Verdict } from '../harness/model/verdict.ts';
import { type Cell, type Result, cells, isOf, isRight, nameOf, results, saveResult } from './kill-matrix.ts';
import { trackRecord, trackRecordFile } from './track-record.ts';

const root = path.join(import.meta.dirname, '..');
const { ONLY = '', SHARD = '', MINUTES = '', AGAIN = '' } = process.env;
const [shard, shards] = SHARD === '' ? [1, 1] : SHARD.split('/').map(Number);
const deadline = MINUTES === '' ? Infinity : performance.now() + Number(MINUTES) * 60_000;

/** All that it may be asked for by. */
function calledBy(cell: Cell): readonly string[] {
  return [...nameOf(cell).split('/'), nameOf(cell)];
}

function wanted(): readonly Cell[] {
  const names = ONLY.split(',').filter((name) => name !== '');
  const mine = cells().filter((_, index) => index % (shards ?? 1) === (shard ?? 1) - 1);
  const named = names.length === 0 ? mine : mine.filter((cell) => calledBy(cell).some((name) => names.includes(name)));
  const known = results();
  return AGAIN === '' ? named.filter((cell) => !known.some((result) => isOf(result, cell))) : named;
}

function run({ mutant, scenario }: Cell, out: string): Result {
  const canary = mutant === '' ? 'reference@.' : `reference@.+${mutant}`;
  const started = performance.now();
  const args = ['canary', '--stable', 'reference@.', '--canary', canary, '--scenario', scenario];
  const { stdout, stderr, status } = spawnSync(
    path.join(root, 'gatecrash'),
    [...args, '--no-profile', '--out', path.join(out, 'run'), '--json'],
    {
      cwd: root,
      encoding: 'utf8',
      maxBuffer: 2 ** 28,
    },
  );
  const seconds = Math.round((performance.now() - started) / 100) / 10;
  if (stdout === '') throw new Error(`gatecrash ended with ${status}: ${stderr.trim().split('\n').at(-1)}`);
  return resultOf({ mutant, scenario }, JSON.parse(stdout) as Verdict, seconds);
}

function resultOf(
  { mutant, scenario }: Pick<Cell, 'mutant' | 'scenario'>,
  { decision, because, scenarios }: Verdict,
  seconds: number,
): Result {
  const findings = scenarios.flatMap((each) => each.findings);
  const subjects = findings.filter((finding) => finding.decision === decision).map(({ subject }) => subject);
  const blocks = scenarios.reduce((sum, each) => sum + each.blocks.used + each.blocks.invalid, 0);
  const commit = execFileSync('git', ['rev-parse', '--short=12', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim();
  const day = new Date().toISOString().slice(0, 10);
  return { mutant, scenario, decision, subjects, because, blocks, seconds, commit, day };
}

const list = wanted();
let wrong = 0;
for (const [index, cell] of list.entries()) {
  if (performance.now() > deadline) {
    process.stdout.write(`${list.length - index} of ${list.length} are left: the time is over\n`);
    break;
  }
  const out = mkdtempSync(path.join(tmpdir(), 'gatecrash-regressions-'));
  const result = run(cell, out);
  const right = isRight(cell, result);
  if (right) rmSync(out, { recursive: true, force: true });
  else wrong++;
  saveResult(result);
  writeFileSync(path.join(root, trackRecordFile), trackRecord());
  const mark = right
    ? 'as it must'
    : `WRONG, expected ${cell.expected}${cell.subject === undefined ? '' : ` by ${cell.subject}`}; see ${out}`;
  process.stdout.write(
    `${index + 1}/${list.length} ${nameOf(cell)}: ${result.decision} (${mark}), ${result.blocks} blocks, ${result.seconds} s\n`,
  );
}
process.exitCode = wrong === 0 ? 0 : 1;
