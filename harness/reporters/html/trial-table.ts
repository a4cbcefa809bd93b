/** The trials of a scenario side by side: what proved that a fault held, and what a config write took meanwhile. */
import { quantileSorted } from 'simple-statistics';
import type { TrialEvidence } from '../../model/evidence.ts';
import type { Observation } from '../../model/history.ts';
import { arms } from '../../model/plan.ts';
import { markup, type Markup } from './markup.ts';
import { table } from './table.ts';
import { faultStart } from './timeline.ts';
import { number } from './units.ts';

type Write = Extract<Observation, { readonly kind: 'write' }>;

export function trialTable(trials: readonly TrialEvidence[]): Markup {
  const ordered = trials.toSorted((a, b) => a.block - b.block || arms.indexOf(a.arm) - arms.indexOf(b.arm));
  return table({
    caption: 'Each trial while its faults held and after',
    head: ['block', 'arm', 'proof of the faults', 'put, p50 and p99, ms', 'write → visible, p50 and p99, ms'],
    rows: ordered.map((trial) => [
      trial.block,
      trial.arm,
      proofs(trial).map((proof) => markup`${proof}<br>`),
      quantiles(putMs(trial)),
      quantiles(visibleMs(trial)),
    ]),
  });
}

function proofs({ history }: TrialEvidence): readonly string[] {
  return history.flatMap((o) => {
    if (o.kind !== 'fault' || o.edge !== 'verified' || o.proof === undefined) return [];
    return o.turn === undefined ? o.proof : `${o.turn} of ${o.turns}: ${o.proof}`;
  });
}

/** From invocation to etcd's answer; each route has one writer, so its writes never overlap. */
function putMs(trial: TrialEvidence): readonly number[] {
  const invoked = new Map<string, Write>();
  return since(trial).flatMap((o) => {
    if (o.kind !== 'write') return [];
    const asked = invoked.get(o.route);
    if (o.edge === 'invoke') invoked.set(o.route, o);
    return o.edge === 'ok' && asked !== undefined ? [o.atMs - asked.atMs] : [];
  });
}

function visibleMs(trial: TrialEvidence): readonly number[] {
  return since(trial).flatMap((o) => (o.kind === 'visible' ? [o.delayMs] : []));
}

function since(trial: TrialEvidence): readonly Observation[] {
  const from = faultStart(trial);
  return trial.history.filter(({ atMs }) => atMs >= from);
}

function quantiles(values: readonly number[]): string {
  if (values.length === 0) return '–';
  const sorted = values.toSorted((a, b) => a - b);
  return [0.5, 0.99].map((q) => number(quantileSorted(sorted, q))).join(' and ');
}
