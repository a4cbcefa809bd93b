/** Holds one claim against one finding of a run's verdict. */
import type { Claim, ClaimVerdict, EntryType, HeldEntry } from '../../model/changelog.ts';
import type { Finding } from '../../model/verdict.ts';
import { margin, sparedAlpha } from './constants.ts';

export type Held = Pick<
  HeldEntry,
  'verdict' | 'because' | 'scenario' | 'subject' | 'estimate' | 'interval' | 'smallestVisible'
>;

export function holdClaim(claim: Claim, type: EntryType, finding: Finding): Held {
  const { scenario, subject } = finding;
  const place = { scenario, subject: claim.subject };
  const held =
    finding.expectation.kind === 'invariant' ? heldInvariant(claim, finding) : heldMetric(claim, type, finding);
  return { ...place, ...held, because: `${held.because} (${subject} in ${scenario})` };
}

type Outcome = Omit<Held, 'scenario' | 'subject'>;

function outcome(verdict: ClaimVerdict, because: string, more: Partial<Outcome> = {}): Outcome {
  return { verdict, because, ...more };
}

/** A fault is shown by stable and its twin, which are the same build; a fix needs the canary to be free of it. */
function heldInvariant({ direction }: Claim, { breaches, pValue, decision }: Finding): Outcome {
  if (breaches === undefined) return outcome('no-power', 'no block of the run could tell');
  const stable = new Set([...breaches.stable, ...breaches.twin]).size;
  const canary = breaches.canary.length;
  if (direction === 'better') {
    if (canary > 0 && (decision === 'regression' || decision === 'known-weakness'))
      return outcome(
        'contradicted',
        `the canary still shows the fault: in ${blocks(canary)}, stable in ${blocks(stable)}`,
      );
    if (canary > 0)
      return outcome('no-power', `the canary shows the fault in ${blocks(canary)}, too few to tell from chance`);
    if (stable === 0 && decision === 'safe')
      return outcome('not-exercised', 'the fault did not show on stable either, so nothing shows that it is gone');
    if (stable === 0 || (pValue ?? 1) > sparedAlpha)
      return outcome('no-power', `stable shows the fault in ${blocks(stable)}, too few to tell a fix from chance`);
    return outcome('confirmed', `stable shows the fault in ${blocks(stable)}, the canary in none`);
  }
  if (canary > 0 && decision === 'regression') {
    const verdict = direction === 'worse' ? 'confirmed' : 'contradicted';
    return outcome(verdict, `the canary alone breaks it, in ${blocks(canary)}`);
  }
  return decision === 'safe'
    ? outcome(direction === 'same' ? 'no-effect' : 'not-exercised', 'it held in every block')
    : outcome('no-power', 'the run could not tell');
}

function blocks(count: number): string {
  return count === 1 ? '1 block' : `${count} blocks`;
}

function heldMetric({ direction, size }: Claim, type: EntryType, finding: Finding): Outcome {
  const { estimate, interval, values = [] } = finding;
  if (estimate === undefined || interval === undefined || !(interval.low > 0))
    return outcome('no-power', 'the run has too few blocks with this number');
  const [low, high] = [1 / (1 + margin), 1 + margin];
  const half = Math.sqrt(interval.high / interval.low);
  const seen = { estimate, interval };
  const measured = `${change(estimate)} (${change(interval.low)} to ${change(interval.high)})`;
  const better = interval.high < low;
  const worse = interval.low > high;
  const silent = values.every(({ value }) => value === 0 || value === null);
  if (type === 'fix' && direction === 'better' && silent)
    return outcome('not-exercised', 'the fault did not show on stable either: not one request failed', seen);
  if (better || worse) {
    const asClaimed = direction !== 'same' && better === (direction === 'better');
    const number = asClaimed ? lessThanSaid(size, direction, interval) : '';
    return outcome(asClaimed ? 'confirmed' : 'contradicted', `measured ${measured}${number}`, seen);
  }
  if (interval.low > low && interval.high < high)
    return outcome('no-effect', `measured ${measured}, which is within ±${margin * 100} %`, seen);
  const factor = (1 + margin) * half;
  const smallestVisible = round(direction === 'better' ? 1 - 1 / factor : factor - 1);
  const what = direction === 'better' ? 'gain' : direction === 'worse' ? 'cost' : 'change';
  const because = `measured ${measured}; a ${what} of less than ${round(smallestVisible * 100)} % cannot be seen in this run`;
  return outcome('no-power', because, { ...seen, smallestVisible });
}

/** A gain is confirmed when it is there; that it is smaller than announced is said beside it. */
function lessThanSaid(
  size: number | undefined,
  direction: Claim['direction'],
  { low, high }: { low: number; high: number },
): string {
  if (size === undefined) return '';
  const less = direction === 'better' ? low > size : high < size;
  return less ? `, less than the ${change(size)} that it announces` : ` (announced: ${change(size)})`;
}

function change(ratio: number): string {
  const percent = (ratio - 1) * 100;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(Math.abs(percent) < 10 ? 1 : 0)} %`;
}

function round(value: number): number {
  return Number(value.toPrecision(2));
}
