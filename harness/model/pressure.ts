/** Names of the samples that tell what a gateway has asked of etcd in a whole trial, by the counters of the link. */
import type { PassedCounters } from './etcd-link.ts';

export const pressure: Readonly<Record<string, keyof PassedCounters>> = {
  connections: 'connections',
  watches: 'watchesCreated',
  'range reads': 'ranges',
  calls: 'unaryCalls',
  authentications: 'authCalls',
};

export const writesToEtcd = 'pressure: writes';

export function pressureSample(what: string): string {
  return `pressure: ${what}`;
}
