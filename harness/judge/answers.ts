/** The answers to single requests, as one trial recorded them. */
import type { TrialEvidence } from '../model/evidence.ts';
import type { Observation } from '../model/history.ts';

export interface Answer {
  readonly request: string;
  readonly text: string;
  /** Of its line in the history. */
  readonly index: number;
}

/** By request and stage, in words: `a body (before the fault)`. */
export function answersOf({ history }: TrialEvidence): ReadonlyMap<string, Answer> {
  return new Map(
    history.flatMap((o, index) =>
      o.kind === 'conformance'
        ? [[`${o.request} (${when(o.stage)})`, { request: o.request, text: o.answer, index }] as const]
        : [],
    ),
  );
}

function when(stage: Extract<Observation, { kind: 'conformance' }>['stage']): string {
  return stage === 'cold' ? 'after the cold tail' : `${stage} the fault`;
}
