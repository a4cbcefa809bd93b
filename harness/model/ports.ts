/** What a trial needs of the outside, as small interfaces; run/ is written against these words only. */
import type { Fault, LinkFault } from '../../scenarios/scenario.ts';
import type { Build } from './build.ts';
import type { PhaseLatency, TrialEvidence } from './evidence.ts';
import type { Recorder, Seq } from './history.ts';
import type { Host } from './host.ts';
import type { TestRoute } from './route-table.ts';

/** A program to be run. */
export interface Workload {
  readonly name: string;
  readonly command: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

/** A running workload. Disposing it ends it and everything it started, and waits until it is gone. */
export interface Instance extends AsyncDisposable {
  readonly name: string;
  readonly pid: number;
  /** Rejects with PROCESS_DIED (and the log tail) when the process ends before it was disposed; else never settles. */
  readonly died: Promise<never>;
  /** The last lines it printed. */
  logTail(lines?: number): string;
  signal(signal: NodeJS.Signals): void;
}

/** Where workloads live. `freePort` picks a loopback port; a lost race shows as PROCESS_DIED with the log tail. */
export interface Runtime {
  readonly kind: 'process';
  launch(workload: Workload, signal: AbortSignal): Promise<Instance>;
  freePort(): Promise<number>;
}

/** A gateway under test, seen from outside. */
export interface Gateway extends AsyncDisposable {
  readonly instance: Instance;
  /** Where clients send requests, such as `http://127.0.0.1:9080`. */
  readonly traffic: URL;
  /** Response header that names the answering worker; undefined when the product has none. */
  readonly workerHeader: string | undefined;
  readonly workers: number;
  /** Deployed between the gateway and the etcd link, when its build says so. */
  readonly watchProxy: WatchProxy | undefined;
  /** Asks the product once whether it would serve. */
  ready(signal: AbortSignal): Promise<boolean>;
}

/** The etcd watch proxy as a process beside the gateway. */
export interface WatchProxy {
  /** Where it is spoken to as to etcd. */
  readonly url: URL;
  /** Its own metrics page. */
  readonly metrics: URL;
}

export interface GatewaySettings {
  readonly etcd: URL;
  readonly prefix: string;
  readonly workers: number;
  readonly watchTimeoutMs: number;
}

/** One product: how to check a build's name, run it, and write a route in its own layout. */
export interface GatewayDriver {
  readonly name: string;
  /** Variants of a build that only change how it is deployed: name and what it does. */
  readonly deployments: Readonly<Record<string, string>>;
  /** Mistakes in the build's version or variants, as sentences; empty when it can be run. */
  mistakes(build: Build): readonly string[];
  launch(build: Build, settings: GatewaySettings, runtime: Runtime, signal: AbortSignal): Promise<Gateway>;
  /** The etcd key and value of a route that answers `path` with `seq` from the upstream. */
  route(prefix: string, route: RouteSpec): { readonly key: string; readonly value: string };
}

/** A test route: `path` is answered by the echo upstream with the body `/seq/<seq>`. */
export interface RouteSpec {
  readonly id: string;
  readonly path: string;
  readonly seq: number;
  readonly upstream: URL;
  readonly priority?: number;
  /** The stored value is made at least so long, by something in it that the gateway has no use for. */
  readonly valueBytes?: number;
}

/** What passed through the etcd link by one protocol, counted since it started; `…Open` and `watchesOpen` are now. */
export interface PassedCounters {
  connections: number;
  connectionsOpen: number;
  /** Of HTTP/2, by the gateway. */
  pings: number;
  watchesCreated: number;
  watchesOpen: number;
  watchEvents: number;
  watchBytes: number;
  /** All calls but watches. */
  unaryCalls: number;
  /** Answered with another gRPC code than 0, or with an HTTP status of 400 and more. */
  unaryFailed: number;
  ranges: number;
  rangeBytes: number;
  writes: number;
  authCalls: number;
  leaseCalls: number;
}

/** What one fault of the link has done since it began. */
export interface FaultCounters {
  readonly fault: LinkFault;
  /** Calls, or connections, that it has hit so far; and those of them that are open. */
  readonly hits: number;
  readonly open: number;
  /** Messages, pieces of answers, calls or connections to which it did what it is there for, and their bytes. */
  readonly units: number;
  readonly bytes: number;
}

export interface LinkCounters {
  /** HTTP/2. */
  readonly grpc: Readonly<PassedCounters>;
  /** HTTP/1.1: etcd's JSON gateway. */
  readonly json: Readonly<PassedCounters>;
  /** The faults that hold now. */
  readonly faults: readonly FaultCounters[];
}

/** The protocol-aware proxy between gateway and etcd. */
export interface EtcdLink {
  readonly address: URL;
  /** It holds until it is healed, or until the harness is gone. The same fault twice is one. */
  inject(fault: LinkFault, seed: number): Promise<void>;
  /** Ends this fault, or every one; idempotent. */
  heal(fault?: LinkFault): Promise<void>;
  counters(): Promise<LinkCounters>;
}

/** All that one trial runs against. */
export interface World extends AsyncDisposable {
  /** etcd itself, past the link: for the harness's own writes and storms. */
  readonly etcd: URL;
  readonly prefix: string;
  readonly link: EtcdLink;
  readonly gateway: Gateway;
  readonly driver: GatewayDriver;
  readonly upstream: URL;
  /** Folder of the trial, for files that a workload reads. */
  readonly folder: string;
  /** Rejects when a workload ends that nobody has ended: then the trial is no experiment any more. */
  readonly died: Promise<never>;
  /** Starts a further workload; it ends with the world, or earlier by `stop`. */
  launch(workload: Workload, signal: AbortSignal): Promise<Instance>;
  /** Sends a signal to the workload of that name, if it runs. */
  signal(name: string, signal: NodeJS.Signals): void;
  /** Ends the workload of that name if it runs; idempotent. */
  stop(name: string): Promise<void>;
  running(name: string): boolean;
  /** Starts the workload of that name again, as it was first started; nothing while it runs. */
  restart(name: string, signal: AbortSignal): Promise<void>;
}

/** Numbers read before an injection, so that `verify` can tell what it moved. */
export type Before = Readonly<Record<string, number>>;

/** What a reader has to know of a kind of fault. */
export interface AboutFault {
  /** Between whom it is, such as `gateway->etcd`. */
  readonly hop: string;
  readonly does: string;
  /** What is measured to know that it took hold. */
  readonly proof: string;
  /** What a host has to have for it, beyond what every trial needs. */
  readonly needs?: string;
}

/** What a fault writes to etcd, at most. */
export interface PlannedWrites {
  readonly count: number;
  /** Which keys, such as `/apisix/routes/flood-1-0 … 99`. */
  readonly keys: string;
}

/** How a kind of fault is done and undone. */
export interface Injector<F extends Fault> {
  readonly about: AboutFault;
  /** Why this host cannot do it, asked before anything runs; of the kind as such, without a fault. Undefined when it can. */
  lacks?(host: Host, fault?: F): string | undefined;
  /** What it writes to etcd each time, asked before anything runs. */
  writes?(fault: F, scene: FaultScene): PlannedWrites;
  /** Why this world cannot do it; undefined when it can. */
  unsupported(fault: F, world: World): string | undefined;
  /**
   * Whatever takes time and must not disturb the measurement, such as starting a process: called before the load.
   * It breaks nothing yet.
   */
  prepare(fault: F, world: World, context: FaultContext): Promise<void>;
  inject(fault: F, world: World, context: FaultContext): Promise<Before>;
  /**
   * Proof that it took hold, as a sentence with numbers. Called while it holds; may wait for the proof until
   * `context.signal` aborts, which rejects with FAULT_NOT_CONFIRMED.
   */
  verify(fault: F, world: World, before: Before, context: FaultContext): Promise<string>;
  /** Idempotent, and needs no memory of the injection. The signal is a deadline of its own. */
  heal(fault: F, world: World, context: FaultContext): Promise<void>;
  /** Proof that nothing of it is left; throws HEAL_FAILED. */
  verifyHealed(fault: F, world: World, context: FaultContext): Promise<string>;
}

export interface FaultContext {
  readonly seed: number;
  readonly step: number;
  readonly holdMs: number;
  readonly signal: AbortSignal;
  /** There in a trial: for faults whose changes of routes are expected of the gateway as those of the writer are. */
  readonly routes?: TrialRoutes;
}

export interface TrialRoutes {
  readonly ballast: readonly TestRoute[];
  /**
   * Records a change of a route as a config write, and has the probes follow it. `change` resolves with etcd's revision;
   * when it rejects, so does this, and the outcome is unknown.
   */
  write(route: string, seq: Seq, change: () => Promise<string>): Promise<void>;
}

/** What is known of a step before there is a world. */
export interface FaultScene {
  readonly step: number;
  readonly holdMs: number;
  readonly ballast: number;
  readonly settled: number;
  /** The key and value of a route with that id, as the gateway's layout has it. */
  readonly route: (id: string) => { readonly key: string; readonly value: string };
}

/** A kind without an injector does not compile. */
export type Injectors = { readonly [K in Fault['kind']]: Injector<Extract<Fault, { kind: K }>> };

/** Where one trial leaves its evidence, growing on disk as it goes. */
export interface TrialLog extends Disposable {
  /** Absolute path of the trial's folder. */
  readonly folder: string;
  readonly recorder: Recorder;
  saveLatency(latency: readonly PhaseLatency[]): void;
  /** The last word on the trial. */
  end(state: TrialEvidence['state'], reason?: string): void;
}
