/** `gatecrash plan`: what a check would do, before anything runs. */
import type { Command } from 'commander';
import type { Fault } from '../../scenarios/scenario.ts';
import { type Plan, type ScenarioPlan, arms } from '../model/plan.ts';
import { timelinePicture } from '../reporters/timeline-picture.ts';
import { blockMs } from '../run/expected-time.ts';
import { makePlan } from '../run/make-plan.ts';
import { calibrationNamed } from './calibration-named.ts';
import { Mistakes } from './mistakes.ts';
import { powerLines } from './power-lines.ts';
import { buildNamed, looksOf, scenariosNamed, seedOf } from './question.ts';

export interface PlanOptions {
  readonly stable?: string;
  readonly canary?: string;
  readonly seed?: string;
  readonly blocks?: string;
  readonly looks?: string;
  readonly calibration?: string;
  readonly json?: boolean;
}

export async function plan(names: readonly string[], options: PlanOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, names.length);
  const stable = buildNamed(options.stable ?? 'reference@.', mistakes);
  const canary = buildNamed(options.canary ?? 'reference@.', mistakes);
  const scenarios = await scenariosNamed(names, undefined, mistakes);
  const seed = seedOf(options.seed, mistakes);
  const looks = looksOf(options, scenarios.length, mistakes);
  const calibration = calibrationNamed(options.calibration, mistakes);
  mistakes.throwIfAny('gatecrash list shows what is known');
  if (stable === undefined || canary === undefined) throw new Error('mistakes were thrown above');
  const made = makePlan({ scenarios, builds: { stable, twin: stable, canary }, arms, looks, seed, calibration });
  process.stdout.write(options.json === true ? `${JSON.stringify(made, null, 2)}\n` : `${describe(made)}\n`);
  return 0;
}

function describe(made: Plan): string {
  const head = [
    `stable ${made.builds.stable.name}   canary ${made.builds.canary.name}   seed ${made.seed}`,
    `plan ${made.hash.slice(0, 16)}`,
  ];
  const power = (scenario: ScenarioPlan): readonly string[] => powerLines(made, scenario);
  return [...head, ...made.scenarios.flatMap((scenario) => [...describeScenario(scenario), ...power(scenario)])].join(
    '\n',
  );
}

function describeScenario(scenarioPlan: ScenarioPlan): readonly string[] {
  const { scenario, looks, blocks } = scenarioPlan;
  const { timeline, load, writes, table, expectations } = scenario;
  const [first = '', ...rest] = timelinePicture(scenario);
  const seconds = (count: number): string => `${Math.round((count * blockMs(scenarioPlan)) / 1_000)} s`;
  return [
    '',
    `${scenario.name}: ${scenario.claim}`,
    `  table     ${table.settled} settled routes, ${table.ballast} ballast; ${writes.ratePerSecond} writes/s; ${load.ratePerSecond} requests/s`,
    `  phases    ${first}`,
    ...rest.map((line) => `            ${line}`),
    ...timeline.map(({ at, hold, fault }) => `  at ${at.padEnd(6)} ${describeFault(fault)} for ${hold}`),
    ...(timeline.length === 0 ? ['  at -      nothing is broken'] : []),
    `  expects   ${expectations.map((one) => (one.kind === 'invariant' ? one.oracle : `${one.metric} no worse than +${one.tolerance * 100} %`)).join(', ')}`,
    `  blocks    ${looks.map((look) => `${look.blocks} (${seconds(look.blocks)}, alpha ${look.alpha})`).join(', then ')}; arms ${scenario.arms}`,
    ...blocks.slice(0, looks[0]?.blocks ?? 0).map(({ block, order }) => `  block ${block}   ${order.join(', ')}`),
  ];
}

function describeFault({ kind, ...details }: Fault): string {
  const words = Object.entries(details).map(([name, value]) => `${name} ${value}`);
  return [kind, ...words].join(' ');
}
