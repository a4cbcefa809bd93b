/** The part of the scenario language that makes the upstream behind the gateway a bad one. */
import type { Duration } from './scenario.ts';

export type UpstreamFault =
  /** Every answer comes later by this much. */
  | { readonly kind: 'upstream.slow'; readonly by: Duration }
  /** Its connections are closed, and new ones refused. */
  | { readonly kind: 'upstream.refuse' }
  /** It refuses for the time of `down`, serves for the time of `up`, and so on. */
  | { readonly kind: 'upstream.flap'; readonly down: Duration; readonly up: Duration }
  /** Connections are reset in the place of an answer; with `afterBytes` after the head and so many bytes of the body. */
  | {
      readonly kind: 'upstream.reset';
      /** @minimum 0 */
      readonly afterBytes?: number;
    }
  /** So large a share of the requests is answered with this status. */
  | {
      readonly kind: 'upstream.error';
      /**
       * @minimum 500
       * @maximum 599
       */
      readonly status: number;
      /** Above 0 to 1. */
      readonly share: number;
    }
  /**
   * Content-Length promises so many bytes more than come before the connection is closed; when negative, it admits so many
   * fewer than come.
   */
  | { readonly kind: 'upstream.wrong-length'; readonly by: number }
  /**
   * Routes name the upstream, and the DNS says that there is no such name (`nowhere`), or tells an address at which nobody
   * listens (`elsewhere`). What it tells holds for a second.
   */
  | { readonly kind: 'upstream.dns'; readonly leads: 'nowhere' | 'elsewhere' };
