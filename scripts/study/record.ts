/** What the study keeps of a session: one row, committed as data, from which docs/JUDGE.md is made. */
import type { RivalDecision } from '../../harness/model/rivals.ts';
import type { Decision } from '../../harness/model/verdict.ts';

export interface StudyFinding {
  readonly scenario: string;
  readonly subject: string;
  readonly decision: Decision;
  readonly estimate?: number;
}

export interface StudySession {
  /** `aa-7`, `dose-burn-20us-1`. */
  readonly id: string;
  /** What the canary was: `equal`, or the dose that was stacked on it. */
  readonly canary: string;
  readonly planHash: string;
  /** Processor and cores: numbers of one class of host hold on no other. */
  readonly host: string;
  readonly git: string | null;
  readonly startedAt: string;
  readonly seconds: number;
  /** Valid blocks of the scenario that had the most. */
  readonly blocks: number;
  readonly scales: string;
  readonly decision: Decision;
  readonly findings: readonly StudyFinding[];
  readonly rivals: readonly { readonly rival: string; readonly canary: RivalDecision; readonly twin: RivalDecision }[];
}

export interface Study {
  readonly schema: 1;
  /** Real sessions only: each trial was run for its session. Regrouped trials are no sessions and are not kept here. */
  readonly sessions: readonly StudySession[];
}
