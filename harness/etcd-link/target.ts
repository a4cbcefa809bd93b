/** What a fault can be done to: a call, or a connection. */
import type { Refusal } from '../../scenarios/link-faults.ts';
import type { MakeStage } from './pipeline.ts';
import type { Strike } from './strike.ts';
import type { WatchFormat } from './watch/format.ts';

/**
 * How the link ends something. `cut`: as an etcd that goes away. `reset`: without a word. `broken-off`: within the body,
 * where the client is told no end.
 */
export type Ending = 'cut' | 'reset' | 'broken-off';

export interface Target {
  /** Of a connection that of its HTTP, which has no messages. */
  readonly format: WatchFormat | undefined;
  /** Adds a stage to what comes from etcd; with `bothWays`, another to what goes to it, where there is a way. */
  add(strike: Strike, make: MakeStage, options?: { readonly last?: boolean; readonly bothWays?: boolean }): void;
  finish(ending: Ending): void;
  /** Passes half of these bytes, framed as a whole, and ends the connection. */
  tear(bytes: Buffer): void;
  /** Before etcd has heard of it. */
  refuse(how: Refusal | 'refused'): void;
  /** Response headers as etcd gives them to a watch, though etcd has not heard of it. */
  pretend(): void;
}
