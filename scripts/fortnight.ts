/**
 * `make fortnight`: 14 nightly runs in a row with small budgets, whose canary carries a known bug from night 8 on. Real
 * trials throughout. Ends with 0 when nothing rang before night 8 and a trend alarm rang from then on; where there is a
 * Chromium, pictures of the pages go to docs/img/.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { exitCode } from '../harness/model/exit-codes.ts';
import type { NightOutcome } from '../harness/model/night.ts';
import { routeFlood } from '../scenarios/routes/route-flood.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import { type Picture, photograph } from './photograph.ts';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, '.bench', 'fortnight');
const [nights, firstBad] = [14, 8];

/** The flood of the catalogue in less time, asked for what so short a trial can tell. */
const shortFlood: Scenario = {
  ...routeFlood,
  name: 'short-flood',
  load: { ratePerSecond: 200, connections: 16 },
  phases: { warmup: '300ms', baseline: '300ms', fault: '2s', settle: '500ms' },
  timeline: routeFlood.timeline.map((step) => ({ ...step, hold: '2s' })),
  expectations: [
    { kind: 'no-worse', metric: 'write-visible-delay', minimumEffect: 1, tolerance: 3 },
    { kind: 'invariant', oracle: 'no-lost-update' },
  ],
};

function config(night: number, mutant: string): string {
  const canary = night < firstBad ? 'reference@.' : `reference@.+${mutant}`;
  return `import { defineConfig } from 'gatecrash/config';

export default defineConfig({
  pairs: [{ name: 'next', stable: 'reference@.', canary: '${canary}' }],
  scenarios: ['./short-flood.json'],
  blocks: 3,
  timeBudget: '10m',
});
`;
}

type Told = NightOutcome & { readonly summary: string };

async function play(night: number, mutant: string): Promise<{ readonly code: number; readonly outcome: Told }> {
  const file = path.join(folder, 'gatecrash.config.ts');
  writeFileSync(file, config(night, mutant));
  const args = ['nightly', '--config', file, '--quiet', '--json'];
  const child = spawn(path.join(root, 'gatecrash'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [stdout, [code]] = await Promise.all([text(child.stdout), closed]);
  return { code: code ?? exitCode.broken, outcome: JSON.parse(stdout) as Told };
}

async function main(mutant: string): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'short-flood.json'), JSON.stringify(shortFlood, null, 2));
  const rang: number[] = [];
  for (let night = 1; night <= nights; night++) {
    // The picture of the live page is taken while the last night is under way.
    const [{ code, outcome }] = await Promise.all([play(night, mutant), night === nights ? taken([live]) : undefined]);
    if (outcome.alarms.some(({ state, drift }) => state !== 'went-away' && drift === 'version')) rang.push(night);
    process.stdout.write(`night ${String(night).padStart(2)}  exit ${code}  ${outcome.summary}\n`);
  }
  const [first] = rang;
  const said =
    first === undefined
      ? `no trend alarm in ${nights} nights`
      : `the first trend alarm rang in night ${first}; the canary carries ${mutant} from night ${firstBad} on`;
  process.stdout.write(`${said}\n`);
  if (first === undefined || first < firstBad) return 1;
  await taken([{ page: '/trends', once: 'the canary drifted', file: picture('trends') }]);
  await taken([{ page: '/history', once: 'REGRESSION', file: picture('history') }]);
  return 0;
}

const live: Picture = { page: '/', once: 'phase fault', file: picture('live') };

function picture(name: string): string {
  return path.join(root, 'docs', 'img', `nightly-${name}.png`);
}

async function taken(pictures: readonly Picture[]): Promise<void> {
  for (const file of await photograph(path.join(folder, 'runs'), pictures))
    process.stdout.write(`${path.relative(root, file)}\n`);
}

process.exitCode = await main(process.argv[2] ?? 'router-sort-per-insert');
