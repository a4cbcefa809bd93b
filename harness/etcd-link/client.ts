/** The etcd link as the harness holds it. */
import { type KeptByHeartbeat, connectControl } from '../control/client.ts';
import type { EtcdLink, LinkCounters } from '../model/etcd-link.ts';

export function connectLink(control: URL, address: URL): EtcdLink & KeptByHeartbeat {
  const { ask, ...kept } = connectControl({
    name: 'the etcd link',
    address: control,
    code: 'LINK_NOT_READY',
  });
  return {
    address,
    async inject(fault, seed) {
      await ask('POST', '/faults', { fault, seed });
    },
    async heal(fault) {
      await ask('POST', '/heal', fault === undefined ? {} : { fault });
    },
    async show(certificate) {
      await ask('POST', '/certificate', { show: certificate });
    },
    counters: async () => (await ask('GET', '/counters')) as LinkCounters,
    ...kept,
  };
}
