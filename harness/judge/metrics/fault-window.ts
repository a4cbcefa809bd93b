/** The part of a trial that is compared: from the injection to the end of the settling. */
import type { PhaseLatency, TrialEvidence } from '../../model/evidence.ts';
import type { History, Phase } from '../../model/history.ts';
import { startOf, type Of } from '../history.ts';
import type { Span } from '../sampled.ts';

export function phasesOf(trial: TrialEvidence, ...wanted: readonly Phase[]): readonly PhaseLatency[] {
  return trial.latency.filter(({ phase }) => wanted.includes(phase));
}

export function faultAndSettle(trial: TrialEvidence): readonly PhaseLatency[] {
  return phasesOf(trial, 'fault', 'settle');
}

export interface LoadSpan extends Span {
  /** Requests sent within it. */
  readonly sent: number;
}

/** From the first second of load that ended after the injection to the last one; undefined when there are no two. */
export function loadSpan(history: History): LoadSpan | undefined {
  const from = startOf(history, 'fault');
  if (from === undefined) return undefined;
  const seconds = history.filter((o): o is Of<'load'> => o.kind === 'load' && o.atMs >= from);
  const [first, ...rest] = seconds;
  const last = rest.at(-1);
  if (first === undefined || last === undefined) return undefined;
  return { fromMs: first.atMs, toMs: last.atMs, sent: rest.reduce((sum, { sent }) => sum + sent, 0) };
}
