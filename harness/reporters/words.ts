/** How decisions and findings read, in every format alike. */
import { arms } from '../model/plan.ts';
import type { Decision, Finding, ScenarioVerdict } from '../model/verdict.ts';

export const decisionWord: Readonly<Record<Decision, string>> = {
  safe: 'SAFE',
  regression: 'REGRESSION',
  inconclusive: 'INCONCLUSIVE',
  invalid: 'INVALID',
  skipped: 'SKIPPED',
  'known-weakness': 'KNOWN WEAKNESS',
};

/** A sign for each decision, so that none is told by its colour alone. */
export const decisionSign: Readonly<Record<Decision, string>> = {
  safe: '✓',
  regression: '✗',
  inconclusive: '?',
  invalid: '∅',
  skipped: '–',
  'known-weakness': '!',
};

const byGravity = ['regression', 'known-weakness', 'inconclusive', 'invalid', 'skipped', 'safe'] as const;

/** For sorting: what has to be read first is least. */
export function gravity({ decision }: { readonly decision: Decision }): number {
  return byGravity.indexOf(decision);
}

/** A ratio as a change: 1.1 → `+10 %`. */
export function change(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(digits)} %`;
}

export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** Estimate and interval of a metric, empty for an invariant. */
export function effect({ estimate, interval, tolerance, pValue }: Finding): string {
  if (estimate === undefined) return '';
  const range = interval === undefined ? '' : ` (${change(interval.low)} to ${change(interval.high)})`;
  const allowed = tolerance === undefined ? '' : `, allowed +${Math.round(tolerance * 100)} %`;
  const p = pValue === undefined ? '' : `, p ${pValue < 0.001 ? '< 0.001' : pValue.toFixed(3)}`;
  return `${change(estimate)}${range}${allowed}${p}`;
}

/** The numbers that decided: a metric's effect, or in how many blocks an invariant broke. Empty when it never did. */
export function keyNumbers(finding: Finding): string {
  return finding.estimate === undefined ? breachWords(finding) : effect(finding);
}

function breachWords({ breaches }: Finding): string {
  if (breaches === undefined || arms.every((arm) => breaches[arm].length === 0)) return '';
  return `broke in blocks: ${arms.map((arm) => `${arm} ${breaches[arm].length}`).join(', ')}`;
}

/** `3 blocks, 1 invalid, 2 more needed`. */
export function blockWords({ blocks: { used, invalid }, blocksNeeded }: ScenarioVerdict): string {
  const spoilt = invalid === 0 ? [] : [`${invalid} invalid`];
  const more = blocksNeeded === null ? [] : [`${blocksNeeded} more needed`];
  return [plural(used, 'block'), ...spoilt, ...more].join(', ');
}
