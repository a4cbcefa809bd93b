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

export interface Part {
  /** From the start of the trial to the end of the part. */
  readonly history: History;
  /** Since when the part lasts, in milliseconds of the trial. */
  readonly since: number;
}

/** The trial up to its tail, and the tail, where there is one: a worker of before is none of after, though it has the same name. */
export function partsOf(history: History): readonly Part[] {
  const index = history.findIndex((o) => o.kind === 'phase' && o.phase === 'tail');
  const tail = history[index];
  if (tail === undefined) return [{ history, since: 0 }];
  return [
    { history: history.slice(0, index), since: 0 },
    { history, since: tail.atMs },
  ];
}

/** The last moment of which anything was recorded. */
export function endOf(history: History): number {
  return history.reduce((end, { atMs }) => Math.max(end, atMs), 0);
}

/** The injections that held at a moment. */
function holdingAt(history: History, atMs: number): readonly Of<'fault'>[] {
  const holding = new Map<number, Of<'fault'>>();
  for (const o of history) {
    if (o.atMs > atMs) break;
    if (o.kind !== 'fault') continue;
    if (o.edge === 'inject') holding.set(o.step, o);
    if (o.edge === 'healed') holding.delete(o.step);
  }
  return [...holding.values()];
}

/** The kind of the fault that held at a moment; undefined when none did, or more than one. */
export function faultAt(history: History, atMs: number): FaultKind | undefined {
  const kinds = new Set(holdingAt(history, atMs).map(({ fault }) => fault.kind));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

/** In which turns of a step that repeats these moments lie, such as `2 of 3`; nothing when it is not clear of which. */
export function turnsAt(history: History, moments: readonly number[]): readonly string[] {
  const found = moments.map((atMs) => {
    const [only, ...others] = holdingAt(history, atMs);
    return only?.turn === undefined || others.length > 0 ? '' : `${only.turn} of ${only.turns ?? '?'}`;
  });
  return found.includes('') ? [] : [...new Set(found)];
}

/** Points at the line of an observation: the history file has one observation a line, in order. */
export function pointer(trial: TrialEvidence, index: number, text: string): Pointer {
  return { file: `${trial.folder}/history.ndjson`, line: index + 1, text };
}
