/** What the load engine and its worker thread say to each other. */
import type { PhaseLatency } from '../model/evidence.ts';
import type { LoadSecond, Phase } from '../model/history.ts';

export interface LoadTarget {
  readonly route: string;
  readonly path: string;
  /** Of the request, where it is another than that of the address. */
  readonly host?: string;
  readonly seq: number;
}

export interface LoadOptions {
  /** Where to send, such as `http://127.0.0.1:9080`. */
  readonly traffic: string;
  readonly targets: readonly LoadTarget[];
  readonly ratePerSecond: number;
  readonly connections: number;
  readonly seed: number;
  /** Of the user's, for the engine that can play one. */
  readonly script?: string;
}

export type ToWorker = { readonly kind: 'enter'; readonly phase: Phase } | { readonly kind: 'finish' };

/** Requests of the phase that goes on which were answered rightly, and which were not. */
export interface Tally {
  readonly good: number;
  readonly bad: number;
}

/** What is told while the load runs. */
export type Measured =
  | { readonly kind: 'tally'; readonly tally: Tally }
  | { readonly kind: 'second'; readonly second: LoadSecond }
  | { readonly kind: 'wrong'; readonly route: string; readonly status: number; readonly expected: number };

export type FromWorker =
  | Measured
  | { readonly kind: 'ready' }
  | {
      readonly kind: 'finished';
      readonly latency: readonly PhaseLatency[];
      /** What the thread took for so many requests. */
      readonly cpuSeconds: number;
      readonly requests: number;
    };
