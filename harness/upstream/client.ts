/** The echo upstream as the harness holds it. */
import { type KeptByHeartbeat, connectControl } from '../control/client.ts';
import type { EchoUpstream, UpstreamCounters } from '../model/upstream.ts';

export function connectEcho(control: URL, address: URL, names?: URL): EchoUpstream & KeptByHeartbeat {
  const { ask, ...kept } = connectControl({
    name: 'the upstream',
    address: control,
    code: 'UPSTREAM_NOT_READY',
  });
  return {
    address,
    names,
    async inject(fault) {
      await ask('POST', '/faults', { fault });
    },
    async heal(fault) {
      await ask('POST', '/heal', fault === undefined ? {} : { fault });
    },
    counters: async () => (await ask('GET', '/counters')) as UpstreamCounters,
    ...kept,
  };
}
