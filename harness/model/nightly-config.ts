/** What `gatecrash.config.ts` says. Its names are looked up, and its mistakes told, when a nightly begins. */
import type { Duration } from '../../scenarios/scenario.ts';

export interface PairConfig {
  /** The name under which the pair is followed from night to night: lower-case words joined by hyphens. */
  readonly name: string;
  /** Builds, such as `reference@.`. They may change from night to night. */
  readonly stable: string;
  readonly canary: string;
}

export interface NightlyConfig {
  readonly pairs: readonly [PairConfig, ...PairConfig[]];
  /** A suite, or scenarios by name or file. Default `'quick'`. */
  readonly scenarios?: 'quick' | 'full' | readonly string[];
  /** A fixed number of blocks, at least 3, instead of the planned looks. */
  readonly blocks?: number;
  /** No block is started after this time; pairs that are left share what is left of it. Default: no end. */
  readonly timeBudget?: Duration;
  /** Mean number of nights between two false trend alarms, of all series together. Default 365. */
  readonly nightsBetweenAlarms?: number;
  /** Folder of the run folders, and the history database; relative to this file. Defaults `runs`, `runs/history.db`. */
  readonly runs?: string;
  readonly history?: string;
}

/** Gives editors the types; returns what it is given. */
export function defineConfig(config: NightlyConfig): NightlyConfig {
  return config;
}
