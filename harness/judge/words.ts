/** Numbers and names in the sentences of a verdict. No locale: the same evidence gives the same bytes everywhere. */
import { median } from 'simple-statistics';
import type { Arm } from '../model/plan.ts';
import type { TrialValue } from '../model/verdict.ts';
import type { Unit } from './metrics/metric.ts';

/** Three significant digits, without an exponent for everyday sizes. */
export function short(value: number): string {
  return String(Number(value.toPrecision(3)));
}

export function percent(share: number): string {
  return `${short(share * 100)} %`;
}

export function plural(count: number, noun: string): string {
  return count === 1 ? `1 ${noun}` : `${count} ${noun}s`;
}

/** `17`, or `12 to 17` when the trials differ. */
export function span(counts: readonly number[]): string {
  const low = Math.min(...counts);
  const high = Math.max(...counts);
  return low === high ? `${low}` : `${low} to ${high}`;
}

function inUnit(value: number, unit: Unit): string {
  return unit === 'share' ? percent(value) : `${short(value)} ${unit}`;
}

/** `9.1 ms against 4.2 ms`: the medians of canary and of stable with its twin. Empty when either has no value. */
export function medians(values: readonly TrialValue[], unit: Unit): string {
  const of = (wanted: readonly Arm[]): number[] =>
    values.flatMap(({ arm, value }) => (value !== null && wanted.includes(arm) ? [value] : []));
  const canary = of(['canary']);
  const stable = of(['stable', 'twin']);
  if (canary.length === 0 || stable.length === 0) return '';
  return `${inUnit(median(canary), unit)} against ${inUnit(median(stable), unit)}`;
}
