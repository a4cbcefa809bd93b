/**
 * The scenario language: plain, serialisable data that asks one question about a gateway.
 * Nothing here runs anything; `harness/` interprets it. Durations are strings with a unit.
 * `scenario.schema.json` is made of this file (`node scripts/scenario-schema.ts`): scenarios in JSON and YAML are checked
 * by it, and editors show these comments.
 */

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
  /**
   * The watch stream goes silent while everything else on the link lives. Response headers and the `created`
   * message still pass. `dead`: later bytes are swallowed, and a stream that was silenced stays mute until it is
   * closed. `hold`: later bytes are kept and delivered at heal. (apache/apisix#13067)
   */
  | { readonly kind: 'watch.stall'; readonly mode: 'dead' | 'hold' }
  /** Every open watch stream is closed once, cleanly, when the step starts. */
  | { readonly kind: 'watch.cut' }
  /** Real clients press etcd with puts, ranges and watchers outside the gateway's own keys. Rates are per second. */
  | {
      readonly kind: 'etcd.overload';
      readonly putsPerSecond: number;
      readonly rangesPerSecond: number;
      readonly watchers: number;
      /** Size of a stored value in bytes. */
      readonly valueBytes: number;
    }
  /**
   * So many more watchers of all that the gateway watches, each on a connection of its own, where the gateway's own
   * workers connect: at the watch proxy when there is one, else at etcd. They stand for the workers of other hosts.
   */
  | { readonly kind: 'watch.crowd'; readonly watchers: number }
  /** Route changes at a rate, on top of the table of the scenario; the written routes carry no load. */
  | {
      readonly kind: 'routes.flood';
      readonly changesPerSecond: number;
      /** `same`: every flood route has one path and differs in priority; `distinct`: a path each. */
      readonly paths: 'same' | 'distinct';
    }
  /** Routes that never change are written again as they are, at a rate: an event without news (apache/apisix#12167). */
  | { readonly kind: 'routes.noop'; readonly putsPerSecond: number }
  /**
   * Values that no gateway can use, written to etcd behind the Admin API's back, each to a route of its own: null in every
   * place of a route, wrong types, unknown fields, broken JSON, 1.4 MiB. None may cost another route anything.
   */
  | { readonly kind: 'routes.poison' }
  /** etcd stands still: it accepts connections and never answers (SIGSTOP). */
  | { readonly kind: 'etcd.pause' }
  /** etcd is gone and refuses connections; at heal it comes back with its data. */
  | { readonly kind: 'etcd.down' }
  /** All history is compacted, at once and again each `every`: watches that are behind are canceled. */
  | { readonly kind: 'etcd.compact'; readonly every: Duration }
  /** etcd's space alarm is raised: it refuses puts, and serves reads, deletes and watches. */
  | { readonly kind: 'etcd.nospace' }
  /** etcd's store is defragmented once, which blocks it for as long as that takes. */
  | { readonly kind: 'etcd.defrag' };

export type FaultKind = Fault['kind'];

/** One entry of the timeline. `at` counts from the end of the baseline phase. */
export interface Step {
  readonly at: Duration;
  readonly hold: Duration;
  readonly fault: Fault;
}

/** Open-loop client load on the routes that never change. */
export interface Load {
  readonly ratePerSecond: number;
  readonly connections: number;
}

/**
 * The config writer: during the whole trial it changes probe routes at a rate, each route at most once, so that a
 * lost update cannot be hidden by a later one. Kinds of change are drawn from the seed by these shares.
 */
export interface Writes {
  readonly ratePerSecond: number;
  /** Shares of create, update and delete; they add up to 1. */
  readonly mix: { readonly create: number; readonly update: number; readonly delete: number };
}

/** Metrics that the judge compares between arms. Each is one number per trial. */
export type Metric = 'latency-p99' | 'error-share' | 'write-visible-delay';

/** Invariants that an oracle decides from the history of one trial. */
export type Invariant = 'serve-last-good' | 'converge' | 'no-lost-update';

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
  readonly gateway: { readonly workers: number; readonly watchTimeout: Duration };
  /** Routes in the table before the trial: `settled` carry load and never change, `ballast` only fill the table. */
  readonly table: { readonly settled: number; readonly ballast: number };
  readonly load: Load;
  readonly writes: Writes;
  readonly phases: {
    readonly warmup: Duration;
    readonly baseline: Duration;
    /** From the start of the first step; must cover every step. */
    readonly fault: Duration;
    /** After the last heal, before the final reads. */
    readonly settle: Duration;
  };
  readonly timeline: readonly Step[];
  /** After the last heal every worker must serve the last written state within this time. */
  readonly convergeWithin: Duration;
  readonly expectations: readonly [Expectation, ...Expectation[]];
}
