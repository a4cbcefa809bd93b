/** What the gateway has asked of etcd so far, as the link has counted it. */
import type { Recorder } from '../model/history.ts';
import type { EtcdLink, PassedCounters } from '../model/etcd-link.ts';
import { pressure, pressureSample, writesToEtcd } from '../model/pressure.ts';

export async function recordPressure(link: EtcdLink, recorder: Recorder): Promise<void> {
  const { grpc, json } = await link.counters();
  const total = (of: keyof PassedCounters): number => grpc[of] + json[of];
  for (const [what, counter] of Object.entries(pressure))
    recorder.record({ kind: 'sample', metric: pressureSample(what), value: total(counter) });
  recorder.record({ kind: 'sample', metric: writesToEtcd, value: total('writes') });
}
