/** When something happened, in words of the fault that held. */
import type { FaultKind } from '../../../scenarios/scenario.ts';

const words: { readonly [K in FaultKind]: string } = {
  'watch.stall': 'while the watch was silent',
  'watch.cut': 'around the cut of the watch',
  'watch.reset': 'around the reset of the watch',
  'watch.truncate': 'around an end of the watch within an event',
  'watch.delay': 'while the watch was late',
  'watch.throttle': 'while the watch was slow',
  'watch.batch': 'while events came in batches',
  'watch.refuse': 'while watches were refused',
  'watch.answer': 'while watches were answered with errors',
  'watch.no-created': 'while watches were never answered',
  'watch.idle-kill': 'while idle watches were closed',
  'watch.drop-event': 'while events were dropped',
  'watch.duplicate': 'while events came twice',
  'watch.reorder': 'while events came in the wrong order',
  'watch.lower-revision': 'while the watch told older revisions',
  'unary.stall': 'while etcd gave no answers',
  'unary.delay': 'while etcd answered late',
  'unary.throttle': 'while etcd answered slowly',
  'unary.refuse': 'while calls to etcd were refused',
  'unary.answer': 'while etcd answered with errors',
  'range.throttle': 'while range answers were slow',
  'range.truncate': 'while range answers were cut short',
  'link.stall': 'while nothing passed between gateway and etcd',
  'link.delay': 'while the link to etcd was late',
  'link.throttle': 'while the link to etcd was slow',
  'link.refuse': 'while connections to etcd were refused',
  'link.answer': 'while etcd answered with errors',
  'link.cut': 'around the cut of the connections to etcd',
  'link.reset': 'around the reset of the connections to etcd',
  'link.idle-kill': 'while idle connections to etcd were closed',
  'watch.crowd': 'while a crowd watched the same routes',
  'etcd.overload': 'while etcd was overloaded',
  'routes.flood': 'during the route flood',
  'routes.delete-all': 'while routes were deleted',
  'routes.prefix-delete': 'while routes were deleted by their prefix',
  'routes.odd-ids': 'while routes with odd ids were there',
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

/** The turns of a repeated fault into which breaches fell, as an addition to their sentence; empty when it is not clear. */
export function turnWords(breaches: readonly { readonly turns?: readonly string[] }[]): string {
  if (breaches.some(({ turns = [] }) => turns.length === 0)) return '';
  const turns = new Set(breaches.flatMap(({ turns = [] }) => turns));
  return turns.size === 0 ? '' : ` (turn ${[...turns].toSorted().join(' and ')})`;
}
