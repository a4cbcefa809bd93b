/** Which block a check runs next, from what the judge says of those it has. Pure. */
import type { Evidence } from '../model/evidence.ts';
import type { PlannedBlock, Plan, ScenarioPlan } from '../model/plan.ts';
import type { ScenarioVerdict, Verdict } from '../model/verdict.ts';

/** Blocks beyond the last look that may be spent on invalid ones, per scenario. */
const spare = 2;

export interface NextBlock {
  readonly plan: ScenarioPlan;
  readonly block: PlannedBlock;
}

/**
 * The next block, or undefined when the check is decided or out of blocks. A regression ends it at once; otherwise
 * every scenario first gets the blocks of its first look, in the order of the plan, then those that want more.
 */
export function nextBlock(plan: Plan, { trials }: Evidence, verdict: Verdict): NextBlock | undefined {
  if (verdict.decision === 'regression') return undefined;
  const states = plan.scenarios.flatMap((scenarioPlan) => {
    const { name } = scenarioPlan.scenario;
    const own = trials.filter(({ scenario }) => scenario === name);
    const seeds = new Map(own.map(({ block, seed }) => [block, seed]));
    const said = verdict.scenarios.find(({ scenario }) => scenario === name);
    return said?.decision === 'skipped' ? [] : [{ scenarioPlan, done: seeds.size, seeds, said }];
  });
  const first = states.find(({ scenarioPlan, done, said }) => {
    return (said?.blocks.used ?? 0) < (scenarioPlan.looks[0]?.blocks ?? 0) && left(scenarioPlan, done);
  });
  const wanting = states.find(
    ({ scenarioPlan, done, said }) => (said?.blocksNeeded ?? 0) > 0 && left(scenarioPlan, done),
  );
  const chosen = first ?? wanting;
  if (chosen === undefined) return undefined;
  return { plan: chosen.scenarioPlan, block: planned(chosen.scenarioPlan, chosen.seeds, chosen.said) };
}

function left({ blocks }: ScenarioPlan, done: number): boolean {
  return done < blocks.length + spare;
}

/**
 * The planned block after those that were played; with the seed of a breached block when a breach is to be seen again or
 * not. `seeds`: with which each block was played, by its number: one that breached may have been such a replay itself.
 */
function planned(
  { blocks, looks }: ScenarioPlan,
  seeds: ReadonlyMap<number, number>,
  said: ScenarioVerdict | undefined,
): PlannedBlock {
  const number = seeds.size + 1;
  const own = blocks[(number - 1) % blocks.length];
  if (own === undefined) throw new RangeError('a plan has blocks');
  const breached = said?.findings.flatMap(({ breaches }) => breaches?.canary ?? []) ?? [];
  const source = breached[number % Math.max(1, breached.length)] ?? 0;
  const seed = seeds.get(source);
  if (seed === undefined || number <= (looks[0]?.blocks ?? 0)) return { ...own, block: number };
  return { ...own, block: number, seed, replayOf: source };
}
