/**
 * The scenario language: plain, serialisable data that asks one question about a gateway.
 * Nothing here runs anything; `harness/` interprets it. Durations are strings with a unit.
 * `scenario.schema.json` is made of this file (`node scripts/scenario-schema.ts`): scenarios in JSON and YAML are checked
 * by it, and editors show these comments.
 */
import type { ClientFault } from './client-faults.ts';
import type { Conformance } from './conformance.ts';
import type { EtcdFault } from './etcd-faults.ts';
import type { GatewayFault } from './gateway-faults.ts';
import type { NetworkFault } from './network-faults.ts';
import type { RoutesFault } from './routes-faults.ts';
import type { UpstreamFault } from './upstream-faults.ts';

/**
 * A length of time with its unit, such as `'250ms'`, `'3s'`, `'2m'`.
 * @pattern ^\d+(\.\d+)?(ms|s|m)$
 */
export type Duration = `${number}${'ms' | 's' | 'm'}`;

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

/**
 * What is broken. One variant per kind; `harness/faults/index.ts` has one injector for each, by a mapped type.
 * A timeline step says when it starts and how long it holds.
 * @discriminator kind
 */
export type Fault =
  | LinkFault
  | EtcdFault
  | GatewayFault
  | ClientFault
  | UpstreamFault
  | NetworkFault
  | RoutesFault
  /**
   * So many more watchers of all that the gateway watches, each on a connection of its own, where the gateway's own
   * workers connect: at the watch proxy when there is one, else at etcd. They stand for the workers of other hosts.
   */
  | { readonly kind: 'watch.crowd'; readonly watchers: number };

export type FaultKind = Fault['kind'];

/** Once more, and again: every time is injected, proven, held, healed, and proven to be gone. */
export interface Repeat {
  /** From the end of one hold to the next injection; what takes longer (a heal, a preparation) delays the next time. */
  readonly gap: Duration;
  /** How often in all, at least 2; without it, as often as surely fits into the fault phase. */
  readonly times?: number;
}

/** One entry of the timeline. Steps may overlap. */
export interface Step {
  /** By this name other steps come `after` it. */
  readonly id?: string;
  /** The step begins when that step is proven to have taken hold (for the first time, when it repeats). */
  readonly after?: string;
  /** From the end of the baseline phase; with `after`, from that proof. */
  readonly at: Duration;
  readonly hold: Duration;
  readonly repeat?: Repeat;
  readonly fault: Fault;
}

/** The etcd that is deployed for a trial. */
export interface EtcdSettings {
  /** Three are a cluster, of which the gateway sees one address: a connection goes to a member that takes it. 1 by default. */
  readonly members?: 1 | 3;
  /** It asks who one is; the gateway has a user that may read and write its prefix. False by default. */
  readonly auth?: boolean;
  /** The gateway comes to it over TLS, and knows who issued its certificate. False by default. */
  readonly tls?: boolean;
  /** How often it tells watches that have no events how far it is; etcd's own default is ten minutes. */
  readonly progressNotifyInterval?: Duration;
}

/** The echo upstream that stands behind the gateway. */
export interface UpstreamSettings {
  /** On its port it also speaks TLS, with a certificate of an issuer whom nobody knows. False by default. */
  readonly tls?: boolean;
  /**
   * A second upstream stands in another room, and no fault hits it. The gateway stands in the room of the first; each route
   * names both. False by default.
   */
  readonly secondRoom?: boolean;
}

/** Who sends the load: the engine that is built in, or k6, which the host has to have. */
export type LoadEngineName = 'built-in' | 'k6';

/** Open-loop client load on the routes that never change. */
export interface Load {
  readonly ratePerSecond: number;
  readonly connections: number;
  /** When it is not said, k6 where there is a script, else the engine that is built in. */
  readonly engine?: LoadEngineName;
  /**
   * What k6 does at each arrival instead of one request to such a route: the default function of this script. The name of its
   * file, from that of the scenario; a plan holds the script itself.
   */
  readonly script?: string;
}

/**
 * The config writer: during the whole trial it changes probe routes at a rate, each route at most once, so that a
 * lost update cannot be hidden by a later one. Kinds of change are drawn from the seed by these shares.
 */
export interface Writes {
  readonly ratePerSecond: number;
  readonly mix: Mix;
}

/** Shares of the kinds of change; they add up to 1. */
export interface Mix {
  readonly create: number;
  readonly update: number;
  readonly delete: number;
}

/**
 * Metrics that the judge compares between arms. Each is one number per trial, from the start of the fault on; a
 * `…-fault-effect` compares the fault with the same trial's own baseline, and so shows who suffers more from it.
 */
export type Metric =
  | 'latency-p50'
  | 'latency-p99'
  | 'error-share'
  | 'stale-share'
  | 'latency-p50-fault-effect'
  | 'latency-p99-fault-effect'
  | 'error-share-fault-effect'
  | 'write-visible-delay'
  | 'recovery-time'
  | 'cold-start-time'
  | 'cpu-per-request'
  | 'rss-slope'
  | 'stall-growth'
  | 'etcd-requests-per-change'
  | 'etcd-bytes-per-change'
  | 'etcd-connections';

/** Invariants that an oracle decides from the history of one trial. */
export type Invariant =
  | 'serve-last-good'
  | 'converge'
  | 'no-lost-update'
  /** No more requests go wrong than any gateway may lose; a trial in which that is plain ends early. */
  | 'no-gross-harm'
  /** It answers to the end on every worker, and no process of it ends by itself. That it comes up and lives holds everywhere. */
  | 'stays-up'
  /** A worker that has shown a change does not show an older state of that route again. */
  | 'monotonic'
  /** A route that was deleted and gone does not come back. */
  | 'no-resurrection'
  /** Nothing is served that was never written to that route. */
  | 'no-phantom'
  /** The gateway never writes to etcd. */
  | 'read-only'
  /** No arm asks far more of etcd than both others: connections, watches, range reads, other calls. */
  | 'bounded-pressure'
  /** No arm takes far more processor time, memory, and open files and connections than both others. */
  | 'bounded-cost'
  /** No arm answers a request of `conformance` otherwise than both others, who agree. */
  | 'conformance';

/**
 * What has to hold.
 * @discriminator kind
 */
export type Expectation =
  | { readonly kind: 'invariant'; readonly oracle: Invariant }
  /**
   * The canary may not be worse than stable by more than `tolerance` (0.5 = 50 %). FAIL needs proof that it is worse
   * by more than `minimumEffect`; PASS needs proof that it is inside `tolerance`.
   */
  | { readonly kind: 'no-worse'; readonly metric: Metric; readonly minimumEffect: number; readonly tolerance: number };

export interface Scenario {
  readonly name: string;
  /** The sentence that the verdict supports or refutes. */
  readonly claim: string;
  /** Issues and pull requests of real gateways that this scenario stands for. */
  readonly anchors: readonly string[];
  /**
   * `in-turn`: one arm at a time, for anything that is timed. `side-by-side`: the arms of a block run together,
   * allowed when the deciding oracles are invariants, which noise between arms cannot move.
   */
  readonly arms: 'in-turn' | 'side-by-side';
  readonly gateway: {
    readonly workers: number;
    readonly watchTimeout: Duration;
    /** Of all its keys in etcd, from a `/` on and without one at the end; `/apisix` when it is not said. */
    readonly prefix?: string;
    /** So many further ones of the same build on the same etcd. They carry no load, and every route is read on them too. */
    readonly beside?: number;
  };
  readonly etcd?: EtcdSettings;
  readonly upstream?: UpstreamSettings;
  /**
   * Routes in the table before the trial: `settled` carry load and never change, `ballast` only fill the table. So many of the
   * settled ones as `static` says have a host of their own each, which the gateway has in its static configuration, and etcd not.
   */
  readonly table: { readonly settled: number; readonly ballast: number; readonly static?: number };
  readonly load: Load;
  readonly writes: Writes;
  /** Single requests beside the load. */
  readonly conformance?: Conformance;
  readonly phases: {
    readonly warmup: Duration;
    readonly baseline: Duration;
    /** From the end of the baseline; must cover every step, also one that comes as late `after` another as it may. */
    readonly fault: Duration;
    /** After the last heal, before the final reads. */
    readonly settle: Duration;
  };
  readonly timeline: readonly Step[];
  /**
   * What follows the final reads, without load. `cold`: all that the gateway has learnt by and by it has to learn again. The
   * watches are lost, everything is written again as it is, and etcd compacts its history before they can be opened; one
   * worker is killed; the gateway is restarted. Then it has to converge once more, and every route is read on every worker.
   */
  readonly tail?: 'cold';
  /**
   * After the last heal every worker must serve the last written state within this time; in the tail, where processes start,
   * 20 seconds later at the latest.
   */
  readonly convergeWithin: Duration;
  readonly expectations: readonly [Expectation, ...Expectation[]];
}
