/** How decisions and findings read, in every format alike. */
import type { Decision, Finding } from '../model/verdict.ts';

export const decisionWord: Readonly<Record<Decision, string>> = {
  safe: 'SAFE',
  regression: 'REGRESSION',
  inconclusive: 'INCONCLUSIVE',
  invalid: 'INVALID',
  'known-weakness': 'KNOWN WEAKNESS',
};

/** A ratio as a change: 1.1 → `+10 %`. */
export function change(ratio: number): string {
  const percent = (ratio - 1) * 100;
  const digits = Math.abs(percent) < 10 ? 1 : 0;
  return `${percent < 0 ? '−' : '+'}${Math.abs(percent).toFixed(digits)} %`;
}

/** Estimate and interval of a metric, empty for an invariant. */
export function effect({ estimate, interval, tolerance, pValue }: Finding): string {
  if (estimate === undefined) return '';
  const range = interval === undefined ? '' : ` (${change(interval.low)} to ${change(interval.high)})`;
  const allowed = tolerance === undefined ? '' : `, allowed +${Math.round(tolerance * 100)} %`;
  const p = pValue === undefined ? '' : `, p ${pValue < 0.001 ? '< 0.001' : pValue.toFixed(3)}`;
  return `${change(estimate)}${range}${allowed}${p}`;
}
