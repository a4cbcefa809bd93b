/** The etcd link as the harness holds it, and what it counts. */
import type { LinkFault } from '../../scenarios/link-faults.ts';

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
  /** The certificate that connections from now on are shown; its own again when the harness is gone. */
  show(certificate: ShownCertificate): Promise<void>;
}

/** Of the certificates that the link has, where gateways come to it over TLS. */
export type ShownCertificate = 'own' | 'expired';
