/** `gatecrash shrink`: the smallest scenario that still breaks what a run broke. */
import path from 'node:path';
import type { Command } from 'commander';
import type { Scenario } from '../../scenarios/scenario.ts';
import { judge } from '../judge/judge.ts';
import { ask } from '../judge/oracles/index.ts';
import type { Build } from '../model/build.ts';
import { UsageError } from '../model/errors.ts';
import type { Evidence, TrialEvidence } from '../model/evidence.ts';
import { exitCode } from '../model/exit-codes.ts';
import { unknownWord } from '../model/nearest.ts';
import type { Arm, Plan, PlannedBlock, RuntimeKind } from '../model/plan.ts';
import type { Finding, Verdict } from '../model/verdict.ts';
import { hashOf, makePlan } from '../run/make-plan.ts';
import { type Smaller, shrink as shrinkScenario } from '../run/smaller.ts';
import { saveJson } from '../store/run-folder.ts';
import { playPlan } from './execute.ts';
import { Mistakes } from './mistakes.ts';
import { maxTimeOf } from './question.ts';
import { readRun } from './read-run.ts';
import { runFolderNamed } from './run-named.ts';

export interface ShrinkOptions {
  readonly finding?: string;
  readonly out?: string;
  readonly maxTime?: string;
  readonly json?: boolean;
}

/** Oracles that hold one arm against the others: a trial alone breaks none of them. */
const comparing: ReadonlySet<string> = new Set(['bounded-pressure', 'bounded-cost', 'stays-up', 'conformance']);

/** What was broken, and how it is played again. */
interface Broken {
  readonly finding: Finding;
  readonly scenario: Scenario;
  /** The first block in which it broke: its seed fixes writes and targets. */
  readonly block: PlannedBlock;
  readonly canary: Build;
  readonly runtime: RuntimeKind;
  /** Must not break it; undefined when it did, too, or when the run had one build only. */
  readonly stable: Build | undefined;
}

export async function shrink(name: string, options: ShrinkOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 1);
  const folder = runFolderNamed(name, mistakes);
  const maxTimeMs = maxTimeOf(options.maxTime, mistakes) ?? Number.POSITIVE_INFINITY;
  mistakes.throwIfAny();
  const broken = brokenIn(readRun(folder), options.finding);
  const out = options.out ?? path.join(folder, 'shrunk');
  const tries = new Tries(broken, path.join(out, 'tries'), performance.now() + maxTimeMs);
  process.stderr.write(`${broken.finding.subject} in ${broken.scenario.name}, block ${broken.block.block}\n`);
  const again = await tries.shows({ change: 'as it was', scenario: broken.scenario });
  if (again === undefined) return tries.isInterrupted ? exitCode.interrupted : exitCode.undecided;
  if (!again) {
    process.stderr.write('it does not break again with the same seed, so smaller scenarios could tell nothing\n');
    return exitCode.undecided;
  }
  const smallest = await shrinkScenario(broken.scenario, (candidate) => tries.shows(candidate));
  tell(smallest, broken, { out, tried: tries.count, json: options.json ?? false });
  return tries.isInterrupted ? exitCode.interrupted : exitCode.safe;
}

/** The graver finding first; the one that is named, when one is. */
function brokenIn(evidence: Evidence, named: string | undefined): Broken {
  const { plan } = evidence;
  const findings = judge(evidence).scenarios.flatMap((scenario) => scenario.findings);
  const broken = findings
    .filter(({ subject }) => !comparing.has(subject))
    .filter((finding) => breaching(finding, evidence, 'canary').length > 0)
    .toSorted((a, b) => Number(b.decision === 'regression') - Number(a.decision === 'regression'));
  const finding = named === undefined ? broken[0] : broken.find(({ subject }) => subject === named);
  if (finding === undefined) throw new UsageError([whyNot(findings, broken, named)]);
  const scenarioPlan = plan.scenarios.find(({ scenario }) => scenario.name === finding.scenario);
  const [trial] = breaching(finding, evidence, 'canary');
  if (scenarioPlan === undefined || trial === undefined) throw new Error('a finding has its scenario in the plan');
  const isAlone = scenarioPlan.blocks[0]?.order.length === 1;
  const stableToo = breaching(finding, evidence, 'stable').length > 0;
  return {
    finding,
    scenario: scenarioPlan.scenario,
    block: { block: trial.block, seed: trial.seed, order: ['canary'] },
    canary: plan.builds.canary,
    runtime: plan.runtime,
    stable: isAlone || stableToo ? undefined : plan.builds.stable,
  };
}

/** The trials of that arm that broke the invariant. */
function breaching(finding: Finding, { plan, trials }: Evidence, arm: Arm): readonly TrialEvidence[] {
  const { expectation } = finding;
  const own = plan.scenarios.find(({ scenario }) => scenario.name === finding.scenario);
  if (expectation.kind !== 'invariant' || own === undefined) return [];
  return trials.filter(
    (trial) =>
      trial.scenario === finding.scenario &&
      trial.arm === arm &&
      trial.state === 'completed' &&
      ask(expectation.oracle, trial, own.scenario).state === 'breached',
  );
}

function whyNot(all: readonly Finding[], known: readonly Finding[], named: string | undefined): string {
  const subjects = known.map(({ subject }) => subject);
  if (named !== undefined && subjects.length > 0) return unknownWord('finding', named, subjects);
  const metrics = all.filter(
    ({ decision, expectation }) => decision === 'regression' && expectation.kind === 'no-worse',
  );
  const only = 'only an invariant that one trial can break is shrunk';
  if (metrics.length > 0)
    return `${metrics.map(({ subject }) => subject).join(', ')}: a metric takes many trials; ${only}`;
  return `no trial of the canary broke an invariant in this run; ${only}`;
}

/** Plays candidates, each in a folder of its own. */
class Tries {
  count = 0;
  isInterrupted = false;
  readonly #broken: Broken;
  readonly #folder: string;
  readonly #deadline: number;

  constructor(broken: Broken, folder: string, deadline: number) {
    this.#broken = broken;
    this.#folder = folder;
    this.#deadline = deadline;
  }

  /** Whether the canary breaks it and stable does not; undefined when there is no time to know. */
  async shows({ change, scenario }: Smaller): Promise<boolean | undefined> {
    if (this.isInterrupted || performance.now() > this.#deadline) return undefined;
    const started = performance.now();
    const { canary, stable } = this.#broken;
    const breaks = (await this.#breaks(scenario, canary)) === true;
    const stableToo = breaks && stable !== undefined && (await this.#breaks(scenario, stable)) !== false;
    if (this.isInterrupted) return undefined;
    const what = stableToo ? 'does not tell the builds apart' : breaks ? 'still breaks' : 'holds';
    const seconds = ((performance.now() - started) / 1_000).toFixed(0);
    process.stderr.write(`${String(this.count).padStart(3)}  ${change}: ${what} (${seconds} s)\n`);
    return breaks && !stableToo;
  }

  /** Undefined when the trial was no experiment, also when it is tried once more. */
  async #breaks(scenario: Scenario, build: Build): Promise<boolean | undefined> {
    for (let attempt = 0; attempt < 2 && !this.isInterrupted; attempt++) {
      const out = path.join(this.#folder, String(++this.count));
      const plan = planOf(scenario, build, this.#broken);
      const { verdict, interrupted } = await playPlan({
        plan,
        out,
        json: false,
        maxTimeMs: undefined,
        talk: 'quiet',
        profile: 'never',
      });
      this.isInterrupted = interrupted ?? false;
      const blocks = verdict?.scenarios[0]?.blocks;
      if (verdict !== undefined && (blocks?.used ?? 0) > 0) return isBroken(verdict, this.#broken.finding.subject);
    }
    return undefined;
  }
}

/** Of a run of one build: what it breaks is a known weakness. */
function isBroken({ scenarios }: Verdict, subject: string): boolean {
  const finding = scenarios.flatMap(({ findings }) => findings).find((each) => each.subject === subject);
  return finding?.decision === 'known-weakness';
}

/** One trial of one build, with the seed of the block that broke. */
function planOf(scenario: Scenario, build: Build, { block, runtime }: Pick<Broken, 'block' | 'runtime'>): Plan {
  const builds = { stable: build, twin: build, canary: build };
  const { hash: _hash, ...plan } = makePlan({
    scenarios: [scenario],
    builds,
    arms: ['canary'],
    looks: [{ blocks: 1, alpha: 1 }],
    seed: block.seed,
    runtime,
  });
  const again = {
    ...plan,
    scenarios: plan.scenarios.map((each) => ({ ...each, blocks: [{ ...block, block: 1 }] })),
  };
  return { ...again, hash: hashOf(again) };
}

interface Told {
  readonly out: string;
  readonly tried: number;
  readonly json: boolean;
}

function tell(smallest: Scenario, broken: Broken, { out, tried, json }: Told): void {
  saveJson(out, 'smallest.json', smallest);
  const { canary, stable, finding } = broken;
  saveJson(out, 'plan.json', planOf(smallest, canary, broken));
  const file = path.join(out, 'smallest.json');
  const again = `gatecrash replay ${path.join(out, 'plan.json')}`;
  const check = `gatecrash canary --stable ${(stable ?? canary).name} --canary ${canary.name} --scenario ${file}`;
  if (json) {
    process.stdout.write(
      `${JSON.stringify({ finding: finding.subject, trials: tried, scenario: smallest }, null, 2)}\n`,
    );
    return;
  }
  const steps = smallest.timeline.map(({ at, hold, fault }) => `  at ${at} for ${hold}: ${JSON.stringify(fault)}`);
  const lines = [
    `${finding.subject} still breaks, after ${tried} trials, with ${steps.length === 0 ? 'no fault at all' : 'these steps:'}`,
    ...steps,
    '',
    `the scenario:   ${file}`,
    `one trial:      ${again}`,
    ...(stable === undefined ? [] : [`a whole check:  ${check}`]),
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
