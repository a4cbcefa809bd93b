/** The state of the link: which faults hold, what is open, what has passed. */
import type { LinkFault } from '../../scenarios/link-faults.ts';
import type { LinkCounters, PassedCounters } from '../model/etcd-link.ts';
import type { Call } from './call.ts';
import type { Connection } from './connection.ts';
import { Strike } from './strike.ts';
import { wayOf } from './ways.ts';

export type Protocol = 'grpc' | 'json';

export class Board {
  /** In the order in which they were opened. */
  readonly connections: Set<Connection> = new Set();
  readonly calls: Set<Call> = new Set();
  readonly #passed: Readonly<Record<Protocol, PassedCounters>> = { grpc: nothingPassed(), json: nothingPassed() };
  readonly #strikes: Map<string, Strike> = new Map();
  #newest = 0;

  get broken(): boolean {
    return this.#strikes.size > 0;
  }

  count(protocol: Protocol, what: keyof PassedCounters, amount = 1): void {
    this.#passed[protocol][what] += amount;
  }

  nextConnection(): number {
    return ++this.#newest;
  }

  open(connection: Connection): void {
    this.connections.add(connection);
    this.admit(connection);
  }

  /** The same fault twice is one. */
  inject(fault: LinkFault, seed: number): void {
    const key = keyOf(fault);
    if (this.#strikes.has(key)) return;
    const open = [...this.connections].map(({ number }) => number);
    const strike = new Strike(fault, seed, open, this.#newest);
    this.#strikes.set(key, strike);
    const way = wayOf(fault);
    if (way.to(fault) === 'new') return;
    for (const call of this.calls) {
      if (reaches(fault, call) && strike.hits(call, call.connection)) way.act(fault, call, strike);
    }
    for (const connection of this.connections) {
      if (reaches(fault) && strike.hits(connection, connection)) way.act(fault, connection, strike);
    }
  }

  /** A new call, or connection, meets the faults that hold. */
  admit(target: Call | Connection, call?: Call): void {
    for (const strike of this.#strikes.values()) {
      const { fault } = strike;
      const way = wayOf(fault);
      const origin = call === undefined ? (target as Connection) : call.connection;
      if (way.to(fault) !== 'open' && reaches(fault, call) && strike.hits(target, origin))
        way.act(fault, target, strike);
      if (target.finished) return;
    }
  }

  left(target: Call | Connection): void {
    for (const strike of this.#strikes.values()) strike.left(target);
  }

  /** Ends one fault, or all. */
  heal(fault?: LinkFault): void {
    for (const [key, strike] of this.#strikes) {
      if (fault !== undefined && key !== keyOf(fault)) continue;
      this.#strikes.delete(key);
      for (const target of [...this.calls, ...this.connections]) target.release(strike);
    }
  }

  counters(): LinkCounters {
    return { ...this.#passed, faults: [...this.#strikes.values()].map((strike) => strike.counters()) };
  }
}

/** Whether the fault is one of this call; without a call, whether it is one of connections. */
function reaches({ kind }: LinkFault, call?: Call): boolean {
  if (kind === 'link.answer') return call !== undefined;
  if (kind.startsWith('link.')) return call === undefined;
  if (call === undefined) return false;
  if (kind.startsWith('range.')) return call.method === 'range';
  return kind.startsWith('watch.') === (call.method === 'watch');
}

/** The order of its fields does not matter. */
function keyOf(fault: LinkFault): string {
  return JSON.stringify(Object.entries(fault).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

function nothingPassed(): PassedCounters {
  return {
    connections: 0,
    connectionsOpen: 0,
    pings: 0,
    watchesCreated: 0,
    watchesOpen: 0,
    watchEvents: 0,
    watchBytes: 0,
    unaryCalls: 0,
    unaryFailed: 0,
    ranges: 0,
    rangeBytes: 0,
    writes: 0,
    authCalls: 0,
    leaseCalls: 0,
  };
}
