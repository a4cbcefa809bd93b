/** What limits count by. Exact over all workers of a gateway: the counts live in one place, as nginx's shared memory. */

export interface WindowOrder {
  readonly key: string;
  readonly limit: number;
  readonly windowMs: number;
}

export interface WindowCount {
  /** False when the limit of the window was used up before. */
  readonly admitted: boolean;
  readonly remaining: number;
  /** Until the window ends. */
  readonly resetMs: number;
}

export interface BucketOrder {
  readonly key: string;
  /** Requests a second that leak out. */
  readonly rate: number;
  /** Requests that may be in it above that. */
  readonly burst: number;
}

export interface BucketLevel {
  readonly admitted: boolean;
  /** How long the request has to wait to keep to the rate. */
  readonly delayMs: number;
}

type Maybe<T> = T | Promise<T>;

export interface Counters {
  /** Counts one request into the fixed window of its key. */
  window(order: WindowOrder): Maybe<WindowCount>;
  /** Lets one request into the leaky bucket of its key, as nginx's limit_req does. */
  bucket(order: BucketOrder): Maybe<BucketLevel>;
}
