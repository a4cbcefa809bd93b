/** A data plane reads etcd and never writes to it: with a fleet of them, each write is a storm (traefik/traefik#1965). */
import { writesToEtcd } from '../../model/pressure.ts';
import { pointer } from '../history.ts';
import type { Oracle } from './oracle.ts';

export const readOnly: Oracle = {
  breaks: 'writes to etcd',
  counted: (count) =>
    `${count} ${count === '1' ? 'write' : 'writes'} came from the gateway, which has nothing to write`,
  check(trial) {
    const index = trial.history.findLastIndex((o) => o.kind === 'sample' && o.metric === writesToEtcd);
    const sample = trial.history[index];
    if (sample?.kind !== 'sample') return { state: 'cannot-tell', why: 'the writes to etcd were not counted' };
    if (sample.value === 0) return { state: 'held' };
    const text = `${sample.value} writes to etcd passed through the link`;
    return { state: 'breached', count: sample.value, pointers: [pointer(trial, index, text)] };
  },
};
