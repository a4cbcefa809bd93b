/** How one attempt at a node ended. */

export interface Outcome {
  /** `abandoned`: the client went away, which says nothing against the node. */
  readonly end: 'answered' | 'refused' | 'timeout' | 'abandoned';
  /** 0 when there was none. */
  readonly status: number;
  /** Until the head of the answer, or else until the end. Milliseconds. */
  readonly elapsedMs: number;
}
