/** The front as the harness holds it. */
import { type KeptByHeartbeat, connectControl } from '../../control/client.ts';
import type { Front } from '../../model/network.ts';

export function connectFront(control: URL): Front & KeptByHeartbeat {
  const { ask, ...kept } = connectControl({ name: 'the front', address: control, code: 'GATEWAY_NOT_READY' });
  return {
    async lead(to) {
      await ask('POST', '/lead', to === undefined ? {} : { to: to.origin });
    },
    ...kept,
  };
}
