/**
 * `make fortnight`: 14 nightly runs in a row with small budgets, whose canary carries a known bug from night 8 on. Real
 * trials throughout. Ends with 0 when nothing rang before night 8 and a trend alarm rang from then on. What it found goes to
 * docs/data/ and docs/NIGHTLY.md and, where there is a Chromium, pictures of the pages to docs/img/.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';
import { exitCode } from '../harness/model/exit-codes.ts';
import type { NightOutcome } from '../harness/model/night.ts';
import { routeFlood } from '../scenarios/routes/route-flood.ts';
import type { Scenario } from '../scenarios/scenario.ts';
import {
  type Fortnight,
  type FortnightNight,
  firstAlarm,
  fortnightFile,
  nightlyDocument,
  nightlyText,
} from './fortnight-record.ts';
import { type Picture, photograph } from './photograph.ts';

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, '.bench', 'fortnight');
/** Fewer nights try this script, not the alarms. */
const nights = Number(process.env['NIGHTS'] || 14);
const firstBad = Number(process.env['BAD_FROM'] || 8);

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

interface Played {
  readonly code: number;
  readonly outcome: Told;
}

async function play(night: number, mutant: string): Promise<Played> {
  const file = path.join(folder, 'gatecrash.config.ts');
  writeFileSync(file, config(night, mutant));
  const args = ['nightly', '--config', file, '--quiet', '--json'];
  const child = spawn(path.join(root, 'gatecrash'), args, { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close') as Promise<[number | null]>;
  const [stdout, [code]] = await Promise.all([text(child.stdout), closed]);
  if (stdout === '') throw new Error(`night ${night} ended with ${code} and told nothing`);
  return { code: code ?? exitCode.broken, outcome: JSON.parse(stdout) as Told };
}

function nightOf({ code, outcome: { pairs, alarms, tookMs } }: Played): FortnightNight {
  const rings = alarms.filter(({ state, drift }) => state !== 'went-away' && drift === 'version');
  return { exit: code, decision: pairs[0]?.decision ?? null, alarms: rings.map(({ words }) => words), tookMs };
}

async function main(mutant: string): Promise<number> {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, 'short-flood.json'), JSON.stringify(shortFlood, null, 2));
  const found: FortnightNight[] = [];
  const shown: Shown[] = [];
  let report = '';
  for (let night = 1; night <= nights; night++) {
    // The picture of the live page is taken while the last night is under way.
    const [played, live] = await Promise.all([play(night, mutant), night === nights ? taken([livePage]) : []]);
    found.push(nightOf(played));
    shown.push(...live);
    report = path.join(played.outcome.pairs[0]?.folder ?? '', 'report.html');
    process.stdout.write(`night ${String(night).padStart(2)}  exit ${played.code}  ${played.outcome.summary}\n`);
  }
  const first = firstAlarm(found);
  const said =
    first === undefined
      ? `no trend alarm in ${nights} nights`
      : `the first trend alarm rang in night ${first}; the canary carries ${mutant} from night ${firstBad} on`;
  process.stdout.write(`${said}\n`);
  if (first === undefined || first < firstBad) return 1;
  shown.push(...(await taken(afterwards(report))));
  keep({ mutant, firstBad, nights: found, pictures: shown });
  return 0;
}

type Shown = Fortnight['pictures'][number];

const livePage: Picture & Shown = {
  page: '/',
  once: 'phase fault',
  file: 'img/nightly-live.png',
  shows: 'The live page while the last night is under way',
};

function afterwards(report: string): readonly (Picture & Shown)[] {
  const page = pathToFileURL(report).href;
  const [alarm, trends] = ['TREND ALARM', 'Over the nights'];
  return [
    { page: '/history', once: alarm, file: 'img/nightly-history.png', shows: 'The history' },
    { page: '/trends', once: 'the canary drifted', file: 'img/nightly-trends.png', shows: 'The trends' },
    { page, once: alarm, file: 'img/nightly-report.png', shows: "The report of the last night's run" },
    { page: `${page}#trends`, once: alarm, colours: 'dark', file: 'img/nightly-report-dark.png', shows: `Its part "${trends}", in the dark` }, // prettier-ignore
  ];
}

/** Nights are worth more than their pictures: one that cannot be taken is told, and missing. */
async function taken(pictures: readonly (Picture & Shown)[]): Promise<readonly Shown[]> {
  const shown: Shown[] = [];
  for (const picture of pictures)
    try {
      const file = path.join(root, 'docs', picture.file);
      const written = await photograph(path.join(folder, 'runs'), [{ ...picture, file }]);
      for (const each of written) process.stdout.write(`${path.relative(root, each)}\n`);
      if (written.length > 0) shown.push({ file: picture.file, shows: picture.shows });
    } catch (error) {
      process.stdout.write(`no ${picture.file}: ${error instanceof Error ? error.message : String(error)}\n`);
    }
  return shown;
}

function keep(found: Pick<Fortnight, 'mutant' | 'firstBad' | 'nights' | 'pictures'>): void {
  const all = cpus();
  const host = `${all.length} cores (${all[0]?.model ?? 'of an unknown kind'})`;
  const record: Fortnight = { day: new Date().toISOString().slice(0, 10), host, ...found };
  writeFileSync(fortnightFile, `${JSON.stringify(record, null, 2)}\n`);
  writeFileSync(nightlyDocument, nightlyText(record));
  for (const file of [fortnightFile, nightlyDocument]) process.stdout.write(`${path.relative(root, file)}\n`);
}

process.exitCode = await main(process.argv[2] ?? 'router-sort-per-insert');
