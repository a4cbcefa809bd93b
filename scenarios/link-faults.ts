/** The part of the scenario language that breaks what is between the gateway and etcd. */
import type { Duration } from './scenario.ts';

/** What a fault of the etcd link hits; without a field, all of its traffic. */
export interface Aim {
  /**
   * Only the nth connection, from 1: those open when the fault begins, in the order in which they were opened, then
   * those opened later.
   */
  readonly connection?: number;
  /** Only this share of the calls (of the connections, for `link`), above 0 to 1; which ones follows from the seed. */
  readonly share?: number;
  /**
   * Only the gateway that the trial begins with (`first`), or only those that join it (`further`) by `gateway.scale-out` or
   * `gateway.upgrade`.
   */
  readonly gateway?: 'first' | 'further';
}

/** How a call is refused. Over HTTP/1.1 a gRPC code is told as etcd does: 8 with status 429, 14 with 503. */
export type Refusal = 'http-429' | 'http-503' | 'grpc-8' | 'grpc-14';

/** One variant for each of the kinds. */
type Hits<K extends string, F = unknown> = K extends string ? { readonly kind: K } & Aim & F : never;

/** What breaks a promise that etcd gives. It has to be written out, and no breach under it is a gateway's regression. */
export interface Byzantine {
  readonly breaksPromisesOfEtcd: true;
}

/**
 * Faults of the etcd link, which speaks both gRPC and etcd's JSON over HTTP/1.1. They hit `watch`es; `unary` calls, which
 * are all others; of those the `range` reads; or the connections themselves (`link`) with all that is on them, pings too.
 */
export type LinkFault =
  /**
   * Nothing comes from etcd any more, while every connection stays open. Of a watch the response headers and the
   * `created` message still pass, and all other calls and pings live (apache/apisix#13067). `dead`: bytes are
   * swallowed, and what was silenced stays mute until it is closed. `hold`: they are kept and delivered at heal.
   */
  | Hits<'watch.stall' | 'unary.stall' | 'link.stall', { readonly mode: 'dead' | 'hold' }>
  /** Everything from etcd comes later by this much, in order. */
  | Hits<'watch.delay' | 'unary.delay' | 'link.delay', { readonly by: Duration }>
  /** No more than so many bytes a second come from etcd, for each call (for each connection, with `link`). */
  | Hits<'watch.throttle' | 'unary.throttle' | 'range.throttle' | 'link.throttle', { readonly bytesPerSecond: number }>
  /**
   * Every open watch is closed once when the step starts, as by an etcd that goes away: code 14 over gRPC, a FIN over
   * HTTP/1.1. With `afterEvents` every watch is closed after the message with its nth event instead, old and new ones
   * for as long as the step holds: in the middle of a catch-up, when the backlog is longer.
   */
  | Hits<'watch.cut', { readonly afterEvents?: number }>
  /** The same without a word: RST_STREAM over gRPC, a TCP reset over HTTP/1.1. */
  | Hits<'watch.reset', { readonly afterEvents?: number }>
  /** Half of the next event's bytes (of its HTTP/2 frame, of its JSON line), then a FIN of the whole connection. */
  | Hits<'watch.truncate', { readonly afterEvents?: number }>
  /** Every connection is closed once when the step starts: by a FIN, by a TCP reset. */
  | Hits<'link.cut' | 'link.reset'>
  /** A range answer ends after so many bytes of its body: RST_STREAM over gRPC, a FIN over HTTP/1.1. */
  | Hits<'range.truncate', { readonly afterBytes: number }>
  /** Events are kept and delivered together, once every so often. */
  | Hits<'watch.batch', { readonly every: Duration }>
  /**
   * New ones are refused before etcd hears of them. Calls: REFUSED_STREAM over gRPC, a TCP reset over HTTP/1.1.
   * Connections, for `link`: a TCP reset.
   */
  | Hits<'watch.refuse' | 'unary.refuse' | 'link.refuse'>
  /** New calls are answered so, and etcd does not hear of them. */
  | Hits<'watch.answer' | 'unary.answer' | 'link.answer', { readonly with: Refusal }>
  /** New watches get response headers and never a message, not even `created`. */
  | Hits<'watch.no-created'>
  /** What nothing came over for so long is closed, as load balancers do. */
  | Hits<'watch.idle-kill' | 'link.idle-kill', { readonly after: Duration }>
  /** Of each watch one event is missing, the first after the start of the step. The rest goes on. */
  | Hits<'watch.drop-event'>
  /**
   * Every watch that is open when the step starts is canceled in the place of its next event, as by an etcd that has compacted
   * the history it was at. That event is only to be had by reading anew.
   */
  | Hits<'watch.compacted'>
  /** Every message with events comes twice; two come in the wrong order; they tell an older revision than etcd has. */
  | Hits<'watch.duplicate' | 'watch.reorder', Byzantine>
  | Hits<'watch.lower-revision', { readonly by: number } & Byzantine>;
