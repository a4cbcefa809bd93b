/** What a feed is made of, and what it tells. */
import type { WatchEnd } from '../../etcd/sync-loop.ts';
import type { Span } from '../span.ts';
import type { Upstream } from '../upstream/upstream.ts';
import type { RingLimits } from './ring.ts';

export interface FeedOptions {
  readonly upstream: Upstream;
  readonly span: Span;
  readonly ring: RingLimits;
  /** Silence after which the upstream watch is opened again. Milliseconds. */
  readonly watchTimeoutMs: number;
  readonly events: FeedEvents;
}

/** What is counted and logged. */
export interface FeedEvents {
  state(span: Span, state: string, why: string): void;
  watchEnded(end: WatchEnd): void;
  delivered(events: number): void;
  relisted(canceled: number): void;
  tooSlow(): void;
}
