/**
 * What a plan can detect: the effect at which a metric is called a regression with a chance of 80 % and of 95 %. In each of
 * many simulated sessions of equal builds there is an effect from which on max-T fails, and it follows in closed form:
 * adding δ to the canary moves the statistic of a labelling that names it in h of n blocks by δ(1.5h − 0.5n) / √n.
 */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { Look, ScenarioPlan } from '../model/plan.ts';
import type { NoWorse } from './metric-cases.ts';
import { scaleOf, type Scales } from './scales.ts';
import { contrastOverTrial, contrasts, type Triplet } from './statistics/contrast.ts';
import { tInterval } from './statistics/t-interval.ts';

export interface Detectable {
  readonly expectation: NoWorse;
  /** Ratios of canary over stable, 1.2 for 20 % worse; Infinity when no effect is detected so often. */
  readonly mde80: number;
  readonly mde95: number;
  /** Chance that an equal build is called safe at the last look. */
  readonly passChance: number;
}

/** Simulated sessions; fewer where a session has many labellings. */
const sessions = 600;
const fewestSessions = 50;
const mostLabellings = 2_000_000;

/** Of one session: for each metric its blocks in standard deviations of a trial. */
type Session = readonly (readonly Triplet[])[];

/** For each metric of the scenario, beside its others, in a session of so many scenarios. The seed fixes the result. */
export function detectable(plan: ScenarioPlan, scenarios: number, scales: Scales, seed: number): readonly Detectable[] {
  const expectations = plan.scenario.expectations.filter((one): one is NoWorse => one.kind === 'no-worse');
  const sds = expectations.map(({ metric }) => scaleOf(scales, plan.scenario.name, metric));
  // What is taken off the canary before the test, in sds of a contrast: it makes the labels of equal builds unequal.
  const offs = expectations.map(
    ({ minimumEffect }, k) => Math.log1p(minimumEffect) / ((sds[k] ?? 1) * contrastOverTrial),
  );
  const simulated = simulate(plan.looks, expectations.length, seed);
  const found = simulated.map((session) => {
    const looks = plan.looks.map((look) => effectsAt(session, offs, look, scenarios));
    return expectations.map((_, k) => Math.min(...looks.map((effects) => effects[k] ?? Infinity)));
  });
  return expectations.map((expectation, k) => {
    const sd = sds[k] ?? 1;
    const effects = found.map((ofSession) => ofSession[k] ?? Infinity).toSorted((a, b) => a - b);
    const ratio = (chance: number): number =>
      Math.exp(sd * contrastOverTrial * (effects[Math.ceil(chance * effects.length) - 1] ?? Infinity));
    const passed = simulated.filter((session) => passes(session[k] ?? [], plan.looks.at(-1), sd, expectation));
    return { expectation, mde80: ratio(0.8), mde95: ratio(0.95), passChance: passed.length / simulated.length };
  });
}

function simulate(looks: readonly Look[], metrics: number, seed: number): readonly Session[] {
  const random = xoroshiro128plus(seed);
  const uniform = (): number => uniformFloat64(random);
  const normal = (): number => Math.sqrt(-2 * Math.log(1 - uniform())) * Math.cos(2 * Math.PI * uniform());
  const most = Math.max(...looks.map(({ blocks }) => blocks));
  const count = Math.min(sessions, Math.max(fewestSessions, Math.floor(mostLabellings / 3 ** most)));
  const blocks = (): readonly Triplet[] => Array.from({ length: most }, () => [normal(), normal(), normal()] as const);
  return Array.from({ length: count }, () => Array.from({ length: metrics }, blocks));
}

/** For each metric the true effect from which on this look fails it while the others are equal, in sds of a contrast. */
function effectsAt(session: Session, offs: readonly number[], { blocks: n, alpha }: Look, scenarios: number): number[] {
  // So many labellings besides the true one may reach it. Holm over the scenarios is taken at its strictest.
  const allowed = Math.floor((alpha / scenarios) * 3 ** n + 1e-9) - 1;
  if (allowed < 0) return session.map(() => Infinity);
  const terms = session.map((blocks) => blocks.slice(0, n).map((triplet) => contrasts(triplet)));
  const truth = terms.map((blocks) => statistic(blocks, 0).t);
  const reachedUntil: number[][] = session.map(() => []);
  for (let code = 1; code < 3 ** n; code += 1) {
    const all = terms.map((blocks) => statistic(blocks, code));
    const others = all.map(({ t, named }, k) => t - ((offs[k] ?? 0) * (1.5 * named - 0.5 * n)) / Math.sqrt(n));
    all.forEach(({ t, named }, k) => {
      // Under the true labelling the statistic is truth + δ√n; this one reaches it until δ exceeds both of these.
      const byOwn = ((t - (truth[k] ?? 0)) * Math.sqrt(n)) / (1.5 * (n - named));
      const byOthers = Math.max(...others.filter((_, j) => j !== k)) - (truth[k] ?? 0);
      reachedUntil[k]?.push(Math.max(byOwn, byOthers / Math.sqrt(n)));
    });
  }
  return reachedUntil.map((each, k) => (offs[k] ?? 0) + (each.toSorted((a, b) => b - a)[allowed] ?? -Infinity));
}

/** The max-T statistic of a labelling, digit b of `code` in base 3, and in how many blocks it names the canary. */
function statistic(blocks: readonly Triplet[], code: number): { readonly t: number; readonly named: number } {
  let [rest, t, named] = [code, 0, 0];
  for (const arms of blocks) {
    const arm = rest % 3;
    t += arm === 0 ? arms[0] : arm === 1 ? arms[1] : arms[2];
    named += arm === 0 ? 1 : 0;
    rest = (rest - arm) / 3;
  }
  return { t: t / (Math.sqrt(blocks.length) * contrastOverTrial), named };
}

function passes(blocks: readonly Triplet[], look: Look | undefined, sd: number, { tolerance }: NoWorse): boolean {
  if (look === undefined) return false;
  const seen = blocks.slice(0, look.blocks).map((triplet) => sd * contrasts(triplet)[0]);
  return tInterval(seen, look.alpha).high < Math.log1p(tolerance);
}
