/**
 * What moved in a run, and which entries account for it. Metrics by the false discovery rate over all of the run, and
 * only what is larger than the margin; invariants by the judge's own exact rule. What got better is listed too: a shorter
 * path, or work that is no longer done.
 */
import type { Claim, HeldEntry, Move, Subject } from '../../model/changelog.ts';
import type { Finding, Verdict } from '../../model/verdict.ts';
import { falseDiscoveries, margin, sparedAlpha, unnumberedGain } from './constants.ts';
import { believed, contrasts, twoSidedP } from './statistics.ts';

/** How many entries are named as candidates. */
const mostCandidates = 5;

/** `exercises`: the areas that a scenario exercises, by its name. */
export function movesOf(
  { scenarios }: Verdict,
  entries: readonly HeldEntry[],
  exercises: (scenario: string) => readonly string[],
): readonly Move[] {
  const findings = scenarios.flatMap((scenario) => scenario.findings);
  const metrics = findings.filter(
    ({ expectation, estimate }) => expectation.kind === 'no-worse' && estimate !== undefined,
  );
  const pValues = metrics.map(pValueOf);
  const real = believed(pValues, falseDiscoveries);
  const seen = [
    ...metrics.flatMap((finding, i) => metricMove(finding, pValues[i] ?? 1, real[i] ?? false)),
    ...findings.flatMap(invariantMove),
  ];
  return seen.map((move) => {
    const areas = exercises(move.scenario);
    const mine = entries.filter((entry) => areas.includes(entry.areas[0].value));
    const explainedBy = mine.filter((entry) => accounts(entry, move)).map(({ id }) => id);
    const others = mine.filter(({ id, type }) => !explainedBy.includes(id) && type.value !== 'docs');
    return { ...move, explainedBy, candidates: ranked(others, move).slice(0, mostCandidates) };
  });
}

/** What could not be told: a metric without an estimate, an invariant that was not decided. No data is no good data. */
export function untoldOf({ scenarios }: Verdict): readonly string[] {
  return scenarios
    .flatMap((scenario) => scenario.findings)
    .filter(({ expectation, estimate, decision }) =>
      expectation.kind === 'no-worse' ? estimate === undefined : decision === 'invalid' || decision === 'inconclusive',
    )
    .map(({ subject, scenario }) => `${subject} in ${scenario}`);
}

/** Of values that have no logarithm, such as slopes, only the judge's own interval can tell. */
function pValueOf({ subject, values = [], interval, confidence }: Finding): number {
  const seen = contrasts(values, subject.startsWith('error-share') ? 'share' : 'ms');
  if (seen.length > 1) return twoSidedP(seen);
  const clear = interval !== undefined && (interval.low > 1 || interval.high < 1);
  return clear && confidence !== undefined ? 1 - confidence : 1;
}

type Seen = Omit<Move, 'explainedBy' | 'candidates'>;

/** What the judge calls a regression is a move, whatever the rate of false discoveries. */
function metricMove(
  { scenario, subject, estimate, interval, decision }: Finding,
  pValue: number,
  real: boolean,
): readonly Seen[] {
  if (estimate === undefined || interval === undefined) return [];
  const inside = estimate < 1 + margin && estimate > 1 / (1 + margin);
  if (decision !== 'regression' && (!real || inside)) return [];
  const direction = estimate < 1 ? 'better' : 'worse';
  const because = `${subject} is ${Number(estimate.toPrecision(3))} times stable's`;
  return [{ scenario, subject: subject as Subject, direction, estimate, interval, pValue, because }];
}

function invariantMove({
  scenario,
  subject,
  expectation,
  breaches,
  decision,
  pValue,
  because,
}: Finding): readonly Seen[] {
  if (expectation.kind !== 'invariant' || breaches === undefined) return [];
  const base = { scenario, subject: subject as Subject, ...(pValue === undefined ? {} : { pValue }) };
  if (decision === 'regression') return [{ ...base, direction: 'worse', because }];
  const repaired = breaches.canary.length === 0 && breaches.stable.length + breaches.twin.length > 0;
  if (!repaired || (pValue ?? 1) > sparedAlpha) return [];
  return [{ ...base, direction: 'better', because: `stable breaks ${subject}, the canary never does` }];
}

/**
 * An entry accounts for a move that it claims, in its direction, and no larger than it says: by its number, or for a
 * gain without one by twice as good. A fix that is confirmed accounts for all that its fault cost. A cost that is
 * announced without a number accounts for nothing: "slower" covers any disaster.
 */
function accounts(entry: HeldEntry, move: Seen): boolean {
  const claim = entry.claims.find(({ subject, direction }) => subject === move.subject && direction === move.direction);
  if (claim === undefined || entry.verdict === 'contradicted') return false;
  if (entry.type.value === 'fix') return entry.verdict === 'confirmed' && entry.scenario === move.scenario;
  return move.interval !== undefined && withinSaid(claim, move.interval);
}

/** By the end of the interval that is nearest to no effect: only what is proven to be larger is beyond the number. */
function withinSaid({ size, direction }: Claim, interval: { readonly low: number; readonly high: number }): boolean {
  if (direction === 'worse') return size !== undefined && interval.low <= size;
  return interval.high >= (size ?? 1 / unnumberedGain);
}

/** Those that claim the same subject first, then by what kind of change moves things unannounced. */
function ranked(entries: readonly HeldEntry[], { subject }: Seen): readonly string[] {
  const order = ['perf', 'change', 'deps', 'revert', 'feature', 'security', 'fix'];
  const rank = ({ claims, type }: HeldEntry): number =>
    (claims.some((claim) => claim.subject === subject) ? 0 : 10) + order.indexOf(type.value);
  return entries.toSorted((a, b) => rank(a) - rank(b)).map(({ id }) => id);
}
