/**
 * The history of one trial: what was done to a gateway and what was seen of it. It reaches the disk line by line as it
 * grows, and the judge reads nothing else (besides the latency histograms).
 */
import type { Fault } from '../../scenarios/scenario.ts';

/** Phases of a trial, in order. The `fault` phase ends when the last step has been healed; a `tail` has final reads of its own. */
export type Phase = 'deploy' | 'warmup' | 'baseline' | 'fault' | 'settle' | 'final-reads' | 'tail' | 'teardown';

/** What a route should answer. `seq` is the number of the last change written to it; `null` = it must not be served. */
export type Seq = number | null;

/** Counts of one second of client load. Latency in milliseconds from the intended send. */
export interface LoadSecond {
  readonly sent: number;
  readonly ok: number;
  /** By kind: an HTTP status (`'404'`), `'timeout'`, `'refused'`, `'reset'`, `'wrong-seq'`, `'unsent'`. */
  readonly errors: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** The longest of them; not there when nothing was answered in this second, nor in older records. */
  readonly maxMs?: number;
}

/** `atMs`: milliseconds since the start of the trial, from a monotonic clock. */
export type Observation = { readonly atMs: number } & (
  | { readonly kind: 'phase'; readonly phase: Phase }
  /** One edge of one step. `proof` says what was measured to know that the fault took hold or was healed. */
  | {
      readonly kind: 'fault';
      readonly step: number;
      readonly fault: Fault;
      readonly edge: 'inject' | 'verified' | 'heal' | 'healed';
      /** Of a step that repeats: which time it is, from 1, and of how many. */
      readonly turn?: number;
      readonly turns?: number;
      readonly proof?: string;
    }
  /** A config write by the harness, as a Jepsen-style operation. `unknown`: etcd may or may not have committed it. */
  | {
      readonly kind: 'write';
      readonly route: string;
      readonly seq: Seq;
      readonly edge: 'invoke' | 'ok' | 'fail' | 'unknown';
      /** etcd's revision of the commit, with `ok`. */
      readonly revision?: string;
      readonly detail?: string;
      /** What was acknowledged before is written once more, since etcd has lost it: no change of configuration. */
      readonly again?: true;
    }
  /** This worker answered with this write for the first time. */
  | { readonly kind: 'shown'; readonly worker: string; readonly route: string; readonly seq: Seq }
  /** Every worker answered with this write for the first time. `delayMs` counts from the write's invocation. */
  | { readonly kind: 'visible'; readonly route: string; readonly seq: Seq; readonly delayMs: number }
  /**
   * One read of one route on one worker. `got` is the sequence number served, `null` when the route is absent (404) or blocked (403),
   * `'error'` when nothing can be said.
   */
  | {
      readonly kind: 'read';
      /** `again`: of a change that every worker had shown already; recorded when the answer is another one. */
      readonly purpose: 'converge' | 'final' | 'again';
      readonly worker: string;
      readonly route: string;
      readonly expected: Seq;
      readonly got: Seq | 'error';
      readonly detail?: string;
    }
  /** Every route on every worker answered with the last written state. */
  | { readonly kind: 'converged'; readonly afterHealMs: number; readonly reads: number }
  | ({ readonly kind: 'load' } & LoadSecond)
  /** A settled route was served wrongly under load: the lost configuration itself, not an overload answer. */
  | { readonly kind: 'wrong-answer'; readonly route: string; readonly status: number; readonly expected: number }
  /** A named number sampled from a witness (etcd, link, upstream, /proc); names that are judged are in samples.ts. */
  | { readonly kind: 'sample'; readonly metric: string; readonly value: number }
  /** The trial was ended early: of the requests of the phase so far, so many were not answered rightly. */
  | { readonly kind: 'gross-harm'; readonly bad: number; readonly good: number }
  /** What the gateway did not do, so that the trial could not be told to its end: get ready, live on, do what it was told. */
  | { readonly kind: 'down'; readonly detail: string }
  /** The answer to a single request: as it came, without what is another one each time. */
  | {
      readonly kind: 'conformance';
      /** `before`, `during` and `after` the fault; `cold`, after the tail. */
      readonly stage: 'before' | 'during' | 'after' | 'cold';
      readonly request: string;
      readonly answer: string;
    }
  /** Why this trial is no experiment; the trial is then invalid. */
  | { readonly kind: 'guard'; readonly guard: string; readonly detail: string }
);

export type History = readonly Observation[];

/** Where probes, injectors and load write. Lines are on disk when `flush` resolves. */
export interface Recorder {
  /** Adds an observation, stamped with the trial's clock. */
  record(observation: Unstamped): void;
  /** Milliseconds since the start of the trial. */
  now(): number;
}

export type Unstamped = Observation extends infer O ? (O extends Observation ? Omit<O, 'atMs'> : never) : never;
