/** The part of the scenario language that hurts the network between two roles, below any protocol (toxiproxy). */
import type { Duration } from './scenario.ts';

/**
 * Who connects to whom. Between gateway and etcd it is before the etcd link, whose own faults know the protocol. Between the
 * members of etcd it is every connection to each of them.
 */
export type Hop = 'client->gateway' | 'gateway->upstream' | 'gateway->etcd' | 'etcd->etcd';

type OnHop<K extends string, F = unknown> = { readonly kind: K; readonly hop: Hop } & F;

export type NetworkFault =
  /** What comes back over the hop comes later by this much, more or less by up to `jitter`, in order. */
  | OnHop<'network.latency', { readonly by: Duration; readonly jitter?: Duration }>
  /** Each way of each connection carries no more than so many kilobytes (of 1000 bytes) a second. */
  | OnHop<
      'network.bandwidth',
      {
        /** @minimum 1 */
        readonly kilobytesPerSecond: number;
      }
    >
  /**
   * Open connections are closed when the step starts. Later ones are reset so long after the first bytes have come back,
   * which are lost: whoever asked does not know whether it was done.
   */
  | OnHop<'network.reset', { readonly after?: Duration }>
  /** What comes back is lost. A connection is closed when nothing has come for so long, or the far side closes it; all are at heal. */
  | OnHop<'network.timeout', { readonly after?: Duration }>
  /** That the far side has closed a connection is told so much later. */
  | OnHop<'network.slow-close', { readonly by: Duration }>
  /** What comes back comes in slices of about so many bytes with a pause after each. */
  | OnHop<
      'network.slice',
      {
        /** @minimum 1 */
        readonly bytes: number;
        readonly pause: Duration;
      }
    >
  /** Open connections are closed (by a firewall with their next bytes), and new ones refused. */
  | OnHop<'network.down'>;
