/** How faults are done and undone, and what of a trial they see. */
import type { Fault } from '../../scenarios/scenario.ts';
import type { Ability } from './abilities.ts';
import type { Seq } from './history.ts';
import type { Host } from './host.ts';
import type { RouteKeys } from './layout.ts';
import type { World } from './ports.ts';
import type { TestRoute } from './route-table.ts';

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
  /** By what it is done on a host that lacks the usual means and has others, with the reason; asked before anything runs. */
  otherwise?(host: Host): string | undefined;
  /** Which other fault does the same, for a host that cannot do this one; asked before anything runs. */
  standIn?(fault: F): Fault | undefined;
  /** What a gateway has to be able to, so that the fault means something; asked before anything runs. */
  asks?(fault: F): readonly Ability[];
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
  /** Settled routes that the gateway has in its static configuration. */
  readonly fixed: readonly TestRoute[];
  /**
   * Records a change of a route as a config write, and has the probes follow it. `change` resolves with etcd's revision;
   * when it rejects, so does this, and the outcome is unknown. `storedId`: its id in etcd, when that is another.
   */
  write(route: string, seq: Seq, change: () => Promise<string>, storedId?: string): Promise<void>;
}

/** What is known of a step before there is a world. */
export interface FaultScene {
  readonly step: number;
  readonly holdMs: number;
  readonly ballast: number;
  readonly settled: number;
  /** Of the settled ones, those in the static configuration. */
  readonly fixed: number;
  /** The keys of a route with that id, as the gateway's layout has them. */
  readonly route: (id: string) => RouteKeys;
}

/** A kind without an injector does not compile. */
export type Injectors = { readonly [K in Fault['kind']]: Injector<Extract<Fault, { kind: K }>> };
