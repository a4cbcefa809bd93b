/** When something happened, in words of the fault that held. */
import type { FaultKind } from '../../../scenarios/scenario.ts';

const words: { readonly [K in FaultKind]: string } = {
  'watch.stall': 'while the watch was silent',
  'watch.cut': 'around the cut of the watch',
  'watch.crowd': 'while a crowd watched the same routes',
  'etcd.overload': 'while etcd was overloaded',
  'routes.flood': 'during the route flood',
  'routes.noop': 'while routes were written again without a change',
  'routes.poison': 'while unusable routes were in etcd',
  'etcd.pause': 'while etcd stood still',
  'etcd.down': 'while etcd was down',
  'etcd.compact': 'while etcd was compacted',
  'etcd.nospace': 'while etcd refused writes',
  'etcd.defrag': 'around the defragmentation of etcd',
};

export function faultWords(kind: FaultKind | undefined): string {
  return kind === undefined ? 'during the trial' : words[kind];
}
