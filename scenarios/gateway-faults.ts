/** The part of the scenario language that ends, stops and starts processes of the gateway. */

/**
 * Which processes. `worker`: one of those that the gateway has started itself, drawn from the seed. `master`: the one that
 * was started. `gateway`: all of them.
 */
export type GatewayTarget = 'worker' | 'master' | 'gateway';

export type GatewayFault =
  /** Killed (SIGKILL). To replace a worker is the gateway's own business; the rest is started again at heal. */
  | { readonly kind: 'gateway.kill'; readonly target: GatewayTarget }
  /** Asked to end (SIGTERM), as by whoever stops a service. The rest is as with `gateway.kill`. */
  | { readonly kind: 'gateway.term'; readonly target: GatewayTarget }
  /** Stands still until heal (SIGSTOP): its connections stay open, and nothing is answered on them. */
  | { readonly kind: 'gateway.pause'; readonly target: GatewayTarget }
  /** The gateway is asked to end, killed when it has not within 3 s, and started again at once. */
  | { readonly kind: 'gateway.restart' }
  /** The gateway is told to replace its workers by new ones (SIGHUP, for those who know it). */
  | { readonly kind: 'gateway.reload' }
  /**
   * The gateway is killed and started again at once, while other faults of the timeline hold: whatever it knew is gone, and
   * what it now gets is what they leave it. With no configuration it may refuse, but never answer 404.
   */
  | { readonly kind: 'gateway.cold-start' }
  /**
   * A rolling upgrade, and at heal the way back. The trial begins with the build that is in production. A gateway of the build
   * under test starts on the same etcd and takes the new connections once it is ready; the old one is asked to end (SIGTERM),
   * and killed when it has not within half the hold (2 s on the way back). Clients connect to one address all the time.
   */
  | { readonly kind: 'gateway.upgrade' }
  /**
   * The hosts of the static configuration (`table.static`) move to etcd: their routes are written there, they are taken out of
   * the file, and the gateway is reloaded. Of each host another route comes with it, which the static configuration hides as long
   * as it knows the host, and which is followed on every worker. `static`: the way back. Nothing is undone at heal.
   */
  | { readonly kind: 'gateway.migrate'; readonly to: 'etcd' | 'static' }
  /** So many further gateways of the same build start at once on the same etcd; they carry no load, and end at heal. */
  | {
      readonly kind: 'gateway.scale-out';
      /** @minimum 1 */
      readonly gateways: number;
    }
  /** Its processes together, and those they start, get no more than so many cores: 0.5 is half of one. */
  | {
      readonly kind: 'gateway.cpu';
      /** @minimum 0.01 */
      readonly cores: number;
    }
  /** Its metrics page is asked for so often; one that takes longer than its turn delays the next. */
  | {
      readonly kind: 'gateway.scrape';
      /** @minimum 0.1 */
      readonly perSecond: number;
    }
  /**
   * Its processes together, and those they start, may hold so many megabytes (of 1,000,000 bytes) more than they do when the
   * step begins. When nothing can be won back, the kernel ends one of them; a main process that it ended is started again
   * at heal.
   */
  | {
      readonly kind: 'gateway.memory';
      /** @minimum 1 */
      readonly megabytes: number;
    }
  /** Each of its processes may have no more files open, connections among them, than it has when the step begins. */
  | { readonly kind: 'gateway.files' };
