/** `etcd.nospace`: the alarm that etcd raises when its quota is used up. Puts are refused until it is taken back. */
import type { Etcd3 } from 'etcd3';
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { EtcdEntry } from '../model/etcd.ts';
import type { Injector } from '../model/ports.ts';
import { withEtcd } from './etcd-client.ts';
import { untilProven } from './until.ts';

type Nospace = Extract<Fault, { kind: 'etcd.nospace' }>;
type Alarm = Parameters<Etcd3['maintenance']['alarm']>[0];

/** Outside of every gateway's prefix. */
const probeKey = '/nospace-probe';

export const etcdNospace: Injector<Nospace> = {
  about: {
    hop: 'etcd',
    does: 'the space alarm is raised: puts are refused, all else is served',
    proof: 'a put of our own is refused for lack of space',
  },
  writes: () => ({ count: 1, keys: probeKey }),
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world) {
    await setAlarm(world, 'Activate');
    return {};
  },

  verify(_fault, world, _before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const refusal = await probe(world);
      return refusal?.includes('space exceeded') === true ? 'a put is refused: database space exceeded' : undefined;
    };
    return untilProven(look, () => 'etcd still takes puts', signal);
  },

  heal: (_fault, world) => setAlarm(world, 'Deactivate'),

  async verifyHealed(_fault, world) {
    const refusal = await probe(world);
    if (refusal !== undefined) throw new HarnessError('HEAL_FAILED', `etcd still refuses a put: ${refusal}`);
    return 'etcd takes puts again';
  },
};

async function setAlarm(etcd: EtcdEntry, action: 'Activate' | 'Deactivate'): Promise<void> {
  // Member 0 stands for all of them.
  const request = { action, memberID: 0, alarm: 'Nospace' } as unknown as Alarm;
  await withEtcd(etcd, async (client) => client.maintenance.alarm(request));
}

/** What etcd says against a put; undefined when it takes it. */
function probe(etcd: EtcdEntry): Promise<string | undefined> {
  return withEtcd(etcd, async (client) => client.put(probeKey).value('').exec()).then(
    () => undefined,
    (error: unknown) => String(error),
  );
}
