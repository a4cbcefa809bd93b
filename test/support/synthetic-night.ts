/** A nightly whose trials never ran: everything else of it is real, from the run folders to the history. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Execution, Played } from '../../harness/commands/execute.ts';
import { type NightDeps, runNight } from '../../harness/commands/nightly/run-night.ts';
import type { Suite } from '../../harness/commands/nightly/suite.ts';
import { judge } from '../../harness/judge/judge.ts';
import { sessionAlpha } from '../../harness/judge/looks.ts';
import type { NightOutcome } from '../../harness/model/night.ts';
import { type Arm, arms } from '../../harness/model/plan.ts';
import { beginNight, unfinishedNight } from '../../harness/store/history/nights.ts';
import { openHistory } from '../../harness/store/history/open-history.ts';
import { readEvidence } from '../../harness/store/read-evidence.ts';
import { checkBuild } from '../../harness/gateways/index.ts';
import { routeFlood } from '../../scenarios/routes/route-flood.ts';
import { type Shape, trial } from './evidence.ts';
import { gaussian } from './gaussian.ts';
import { writeRunFolder } from './run-folder.ts';

export interface World extends Disposable {
  readonly suite: Suite;
  /** Number of the night that is played, from 1. */
  night: number;
  /** Run folders that were played, by name. */
  readonly played: string[];
  /** Called before each run is played. */
  before: (folder: string) => void;
  /** How the trials of the night look; p99 in milliseconds varies around this. */
  shape: (night: number, arm: Arm, pair: string) => Partial<Shape>;
  /** Plays the night that is under way, or a new one. */
  play(deps?: Partial<NightDeps>): Promise<NightOutcome | undefined>;
}

const builds = ['reference@.', 'reference@.+access-log'].map((name) => checkBuild(name));

export function world(pairs: readonly string[] = ['next'], changes: Partial<Suite> = {}): World {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-nights-'));
  const [stable, canary] = builds;
  if (stable === undefined || canary === undefined || 'length' in stable || 'length' in canary)
    throw new Error('these builds are known');
  const suite: Suite = {
    pairs: pairs.map((name) => ({ name, stable, canary })),
    scenarios: [routeFlood],
    looks: [{ blocks: 3, alpha: sessionAlpha }],
    runtime: 'process',
    timeBudgetMs: undefined,
    nightsBetweenAlarms: 365,
    runs: path.join(folder, 'runs'),
    history: path.join(folder, 'runs', 'history.db'),
    question: 'the same every night',
    ...changes,
  };
  const self: World = {
    suite,
    night: 0,
    played: [],
    before: () => undefined,
    shape: () => ({}),
    play: (deps = {}) => playNight(self, deps),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
  return self;
}

function playNight(self: World, deps: Partial<NightDeps>): Promise<NightOutcome | undefined> {
  const { suite } = self;
  const under = ((): ReturnType<typeof unfinishedNight> => {
    using database = openHistory(suite.history);
    const unfinished = unfinishedNight(database, suite.question);
    if (unfinished !== undefined) return unfinished;
    self.night += 1;
    const night = { id: `202601${String(self.night).padStart(2, '0')}-020000-1`, startedAt: startOf(self.night) };
    beginNight(database, night, suite.question);
    return night;
  })();
  if (under === undefined) throw new Error('a night is under way');
  const real: NightDeps = {
    play: async (execution) => played(self, execution),
    tellTrends: () => undefined,
    clean: async () => undefined,
    now: () => new Date(Date.parse(startOf(self.night)) + 60_000),
    talk: 'quiet',
  };
  return runNight(suite, under, { ...real, ...deps }, []);
}

function startOf(night: number): string {
  return new Date(Date.UTC(2026, 0, night, 2)).toISOString();
}

function played(self: World, { plan, out }: Execution): Played {
  const folder = out ?? '';
  self.before(folder);
  const pair = path.basename(folder).split('-').slice(3).join('-');
  // Not of the plan's own seed, which is another one each time.
  const noise = gaussian(1_000 * self.night + folder.length);
  const trials = plan.scenarios.flatMap(({ scenario, looks }) =>
    Array.from({ length: looks[0]?.blocks ?? 0 }, (_, i) => i + 1).flatMap((block) =>
      arms.map((arm) => {
        const shape = { p99Ms: 5, delayMs: 20, ...self.shape(self.night, arm, pair) };
        return trial(scenario, block, arm, { ...shape, p99Ms: shape.p99Ms * Math.exp(0.1 * noise()) });
      }),
    ),
  );
  writeRunFolder(folder, { plan, trials }, { startedAt: startOf(self.night), git: `commit${self.night}` });
  self.played.push(path.basename(folder));
  return { folder, verdict: judge(readEvidence(folder)) };
}
