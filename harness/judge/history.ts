/** Places and times in one trial's history. */
import type { FaultKind } from '../../scenarios/scenario.ts';
import type { TrialEvidence } from '../model/evidence.ts';
import type { History, Observation, Phase } from '../model/history.ts';
import type { Pointer } from '../model/verdict.ts';

export type Of<K extends Observation['kind']> = Extract<Observation, { readonly kind: K }>;

/** When a phase began, in milliseconds of the trial; undefined when the history does not say. */
export function startOf(history: History, phase: Phase): number | undefined {
  return history.find((o): o is Of<'phase'> => o.kind === 'phase' && o.phase === phase)?.atMs;
}

/** The last moment of which anything was recorded. */
export function endOf(history: History): number {
  return history.reduce((end, { atMs }) => Math.max(end, atMs), 0);
}

/** The kind of the fault that held at a moment; undefined when none did, or more than one. */
export function faultAt(history: History, atMs: number): FaultKind | undefined {
  const holding = new Map<number, FaultKind>();
  for (const o of history) {
    if (o.atMs > atMs) break;
    if (o.kind !== 'fault') continue;
    if (o.edge === 'inject') holding.set(o.step, o.fault.kind);
    if (o.edge === 'healed') holding.delete(o.step);
  }
  const kinds = new Set(holding.values());
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

/** Points at the line of an observation: the history file has one observation a line, in order. */
export function pointer(trial: TrialEvidence, index: number, text: string): Pointer {
  return { file: `${trial.folder}/history.ndjson`, line: index + 1, text };
}
