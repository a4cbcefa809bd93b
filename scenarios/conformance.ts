/** The part of the scenario language that asks single requests, which every arm has to answer alike. */
import type { Duration } from './scenario.ts';

/** A JSON object as it stands in etcd; a text is written as it is, whether or not it is JSON. */
export type StoredValue = Readonly<Record<string, unknown>> | string;

/**
 * Requests, and the objects of APISIX's layout that they need. In values, `{upstream}` stands for `host:port` of the echo
 * upstream, `{host}` and `{port}` for its parts, and `{dead}` for a `host:port` where nobody listens.
 */
export interface Conformance {
  /** By their keys under the prefix, such as `routes/paths`; written before the gateway serves. */
  readonly objects: Readonly<Record<string, StoredValue>>;
  /** Written during the fault, in this order; null deletes. The requests are asked before the load and after the end. */
  readonly edits?: readonly ObjectEdit[];
  readonly requests: readonly [ConformanceRequest, ...ConformanceRequest[]];
}

export interface ObjectEdit {
  /** From the end of the baseline phase. */
  readonly at: Duration;
  readonly objects: Readonly<Record<string, StoredValue | null>>;
}

/** Sent byte for byte, on a connection of its own. */
export interface ConformanceRequest {
  readonly name: string;
  /**
   * Request line and header lines. `Host: conformance.test` and `Connection: close` are added where they are missing. The
   * echo upstream tells what reached it; the header `X-Case` chooses what else it does.
   */
  readonly head: readonly [string, ...string[]];
  readonly body?: string;
  /** Between head and body. */
  readonly pause?: Duration;
  /** Asked so often, once by default; the answer that came most often counts. */
  readonly times?: number;
  /** Asked then only; before and after, without it. `during`: in the order of the requests, from the start of the fault on. */
  readonly when?: 'before' | 'during' | 'after';
  /**
   * `admin`: sent to the Admin API of the gateway, with its key, the length of the body and its type where the head has none. Times
   * and revisions in its answers do not count. `metrics`: its metrics page is asked for, whatever the head says; of the answer
   * the names of the series count, with those of their labels.
   */
  readonly to?: 'admin' | 'metrics';
}
