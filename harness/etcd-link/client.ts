/** The etcd link as the harness holds it. */
import { connectControl } from '../control/client.ts';
import type { EtcdLink, LinkCounters } from '../model/etcd-link.ts';

export function connectLink(control: URL, address: URL): EtcdLink & Disposable {
  const { ask, [Symbol.dispose]: dispose } = connectControl({
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
    [Symbol.dispose]: dispose,
  };
}
