/** What the load engine and its worker thread say to each other. */
import type { PhaseLatency } from '../model/evidence.ts';
import type { LoadSecond, Phase } from '../model/history.ts';

export interface LoadTarget {
  readonly route: string;
  readonly path: string;
  readonly seq: number;
}

export interface LoadOptions {
  /** Where to send, such as `http://127.0.0.1:9080`. */
  readonly traffic: string;
  readonly targets: readonly LoadTarget[];
  readonly ratePerSecond: number;
  readonly connections: number;
  readonly seed: number;
}

export type ToWorker = { readonly kind: 'enter'; readonly phase: Phase } | { readonly kind: 'finish' };

/** Requests of the phase that goes on which were answered rightly, and which were not. */
export interface Tally {
  readonly good: number;
  readonly bad: number;
}

export type FromWorker =
  | { readonly kind: 'ready' }
  | { readonly kind: 'tally'; readonly tally: Tally }
  | { readonly kind: 'second'; readonly second: LoadSecond }
  | { readonly kind: 'wrong'; readonly route: string; readonly status: number; readonly expected: number }
  | { readonly kind: 'finished'; readonly latency: readonly PhaseLatency[] };
