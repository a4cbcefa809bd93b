/** Faults that break a promise of etcd: a breach under them shows how robust a gateway is, not that it is wrong. */
import type { Byzantine } from './link-faults.ts';
import type { Fault, Scenario } from './scenario.ts';

type ByzantineFault = Extract<Fault, Byzantine>;

const kinds: Readonly<Record<ByzantineFault['kind'], true>> = {
  'watch.duplicate': true,
  'watch.reorder': true,
  'watch.lower-revision': true,
};

export function isByzantine(fault: Fault): fault is ByzantineFault {
  return fault.kind in kinds;
}

/** The kinds of such faults in the timeline. */
export function byzantineKinds({ timeline }: Scenario): readonly string[] {
  return timeline.flatMap(({ fault }) => (isByzantine(fault) ? [fault.kind] : []));
}
