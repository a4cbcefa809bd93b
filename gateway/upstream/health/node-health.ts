/** The health of the nodes of one upstream, from its requests (passive) and its probes (active). */
import type { Checks, Upstream } from '../../config/config-objects.ts';
import type { LiveNode } from '../live-node.ts';
import type { Outcome } from '../outcome.ts';
import type { HealthChange, UpstreamOptions } from '../upstream-options.ts';
import { type ActiveChecks, activeChecks } from './active-checks.ts';
import { type Evidence, type Rules, evidenceOf, noCounts, weigh } from './thresholds.ts';

/**
 * Without probes an unhealthy node would never be asked again, and stay out for ever: it gets another chance after this
 * (Envoy's base_ejection_time). Milliseconds.
 */
const secondChanceMs = 30_000;

export class NodeHealth {
  readonly #options: UpstreamOptions;
  readonly #changed: (live: LiveNode) => void;
  #upstream: Upstream;
  #nodes: readonly LiveNode[] = [];
  #active: ActiveChecks | undefined;
  #started = false;
  #closed = false;
  /** Nodes of which something was told. */
  readonly #told = new Set<LiveNode>();

  constructor(upstream: Upstream, options: UpstreamOptions, changed: (live: LiveNode) => void) {
    this.#upstream = upstream;
    this.#options = options;
    this.#changed = changed;
  }

  /** A node that stays keeps its health, and probes that stay the same keep their times. */
  update(upstream: Upstream, nodes: readonly LiveNode[]): void {
    const same = probesOf(this.#upstream) === probesOf(upstream);
    this.#upstream = upstream;
    this.#nodes = nodes;
    for (const live of this.#told) if (!nodes.includes(live)) this.#forget(live);
    if (upstream.checks === undefined) this.#restoreAll();
    if (same) this.#active?.follow(this.#checked());
    else this.#stopProbes();
    if (this.#started) this.#startProbes();
  }

  /** Called at each request: probes begin with the first one, as in APISIX. */
  start(): void {
    if (this.#started || this.#closed) return;
    this.#started = true;
    this.#startProbes();
  }

  /** Probes end until the next request. */
  rest(): void {
    this.#started = false;
    this.#stopProbes();
  }

  /** For good: a request that is still under way starts nothing again. */
  close(): void {
    this.#closed = true;
    this.rest();
    for (const live of this.#told) this.#forget(live);
  }

  report(live: LiveNode, { end, status }: Outcome): void {
    const rules = this.#upstream.checks?.passive;
    if (rules === undefined || end === 'abandoned') return;
    const evidence = end === 'timeout' ? 'timeout' : end === 'refused' ? 'tcp' : evidenceOf(status, rules);
    if (evidence !== undefined) this.#weigh(live, evidence, rules);
  }

  /** Whether the node should be tried although nothing spoke for it. */
  secondChance(live: LiveNode): boolean {
    if (this.#upstream.checks?.active !== undefined) return false;
    if (this.#options.clock() - live.changedAt < secondChanceMs) return false;
    this.#change(live, true);
    return true;
  }

  #weigh(live: LiveNode, evidence: Evidence, rules: Rules): void {
    // The usual answer of a usual node.
    if (evidence === 'success' && live.healthy && live.counts === noCounts) return;
    const { counts, healthy } = weigh(live.counts, evidence, rules);
    live.counts = live.healthy && evidence === 'success' ? noCounts : counts;
    if (healthy !== undefined && healthy !== live.healthy) this.#change(live, healthy);
  }

  #change(live: LiveNode, healthy: boolean): void {
    // It has left the configuration while a request was under way.
    if (!this.#nodes.includes(live)) return;
    live.healthy = healthy;
    live.counts = noCounts;
    live.changedAt = this.#options.clock();
    this.#told.add(live);
    this.#tell(live, healthy ? 'healthy' : 'unhealthy');
    this.#changed(live);
  }

  #tell(live: LiveNode, now: HealthChange['now']): void {
    this.#options.onHealthChange({ upstream: this.#upstream.key, node: live.address, now });
  }

  #forget(live: LiveNode): void {
    this.#told.delete(live);
    this.#tell(live, 'gone');
  }

  /** Nobody checks any more, so nothing would ever bring them back. */
  #restoreAll(): void {
    for (const live of this.#nodes) if (!live.healthy) this.#change(live, true);
    for (const live of this.#told) this.#forget(live);
  }

  #startProbes(): void {
    const check = this.#upstream.checks?.active;
    if (check === undefined || this.#active !== undefined) return;
    this.#active = activeChecks(this.#upstream, check, this.#options.lookup, (live, evidence) =>
      this.#weigh(live, evidence, check),
    );
    this.#active.follow(this.#checked());
  }

  #stopProbes(): void {
    this.#active?.stop();
    this.#active = undefined;
  }

  #checked(): readonly LiveNode[] {
    return this.#nodes.filter(({ node }) => node.weight > 0);
  }
}

/** Everything that a probe goes by. */
function probesOf({ checks, passHost, upstreamHost, tls }: Upstream): string {
  const active: Checks['active'] = checks?.active;
  return active === undefined ? '' : JSON.stringify([active, passHost, upstreamHost, tls]);
}
