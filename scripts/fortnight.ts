/**
 * `make fortnight`: 14 nightly runs in a row with small budgets, whose canary carries a known bug from night 8 on. Real
 * trials throughout. Ends with 0 when nothing rang before night 8 and a trend alarm rang from then on.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exitCode } from '../harness/model/exit-codes.ts';
import type { NightOutcome } from '../harness/model/night.ts';
import { routeFlood } from '../scenarios/routes/route-flood.ts';
import type { Scenario } from '../scenarios/scenario.ts';

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

function play(night: number, mutant: string): { readonly code: number; readonly outcome: Told } {
  const file = path.join(folder, 'gatecrash.config.ts');
  writeFileSync(file, config(night, mutant));
  const args = ['nightly', '--config', file, '--quiet', '--json'];
  const { status, stdout, stderr } = spawnSync(path.join(root, 'gatecrash'), args, { encoding: 'utf8' });
  process.stderr.write(stderr);
  return { code: status ?? exitCode.broken, outcome: JSON.parse(stdout) as Told };
}

function main(mutant: string): number {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'short-flood.json'), JSON.stringify(shortFlood, null, 2));
  const rang: number[] = [];
  for (let night = 1; night <= nights; night++) {
    const { code, outcome } = play(night, mutant);
    if (outcome.alarms.some(({ state, drift }) => state !== 'went-away' && drift === 'version')) rang.push(night);
    process.stdout.write(`night ${String(night).padStart(2)}  exit ${code}  ${outcome.summary}\n`);
  }
  const [first] = rang;
  const good = first !== undefined && first >= firstBad;
  process.stdout.write(
    first === undefined
      ? `no trend alarm in ${nights} nights\n`
      : `the first trend alarm rang in night ${first}; the canary carries ${mutant} from night ${firstBad} on\n`,
  );
  process.stdout.write(
    `history: gatecrash history trend --history ${path.relative(process.cwd(), path.join(folder, 'runs', 'history.db'))}\n`,
  );
  return good ? 0 : 1;
}

process.exitCode = main(process.argv[2] ?? 'router-sort-per-insert');
