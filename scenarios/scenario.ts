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
import type { LinkFault } from './link-faults.ts';
import type { NetworkFault } from './network-faults.ts';
import type { RoutesFault } from './routes-faults.ts';
import type { UpstreamFault } from './upstream-faults.ts';

/**
 * A length of time with its unit, such as `'250ms'`, `'3s'`, `'2m'`.
 * @pattern ^\d+(\.\d+)?(ms|s|m)$
 */
export type Duration = `${number}${'ms' | 's' | 'm'}`;

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
