/** `etcd.nospace` and `etcd.corrupt`: alarms as etcd raises them itself. They differ in what it refuses until it is taken back. */
import type { Etcd3 } from 'etcd3';
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { EtcdEntry } from '../model/etcd.ts';
import type { Injector } from '../model/injector.ts';
import { withEtcd } from './etcd-client.ts';
import { untilProven } from './until.ts';

type Nospace = Extract<Fault, { kind: 'etcd.nospace' }>;
type Corrupt = Extract<Fault, { kind: 'etcd.corrupt' }>;
type Alarm = Parameters<Etcd3['maintenance']['alarm']>[0];

/** Outside of every gateway's prefix. */
const probeKey = '/alarm-probe';

interface AlarmKind {
  /** As its client has it. */
  readonly alarm: 'Nospace' | 'Corrupt';
  readonly does: string;
  readonly proof: string;
  /** What etcd says against a put. */
  readonly refusal: string;
}

function alarmInjector<F extends Nospace | Corrupt>({ alarm, does, proof, refusal }: AlarmKind): Injector<F> {
  return {
    about: { hop: 'etcd', does, proof },
    writes: () => ({ count: 1, keys: probeKey }),
    unsupported: () => undefined,
    prepare: async () => undefined,

    async inject(_fault, world) {
      await setAlarm(world, alarm, 'Activate');
      return {};
    },

    verify(_fault, world, _before, { signal }) {
      const look = async (): Promise<string | undefined> =>
        (await probe(world))?.includes(refusal) === true ? `a put is refused: ${refusal}` : undefined;
      return untilProven(look, () => 'etcd still takes puts', signal);
    },

    heal: (_fault, world) => setAlarm(world, alarm, 'Deactivate'),

    async verifyHealed(_fault, world) {
      const refused = await probe(world);
      if (refused !== undefined) throw new HarnessError('HEAL_FAILED', `etcd still refuses a put: ${refused}`);
      return 'etcd takes puts again';
    },
  };
}

export const etcdNospace: Injector<Nospace> = alarmInjector({
  alarm: 'Nospace',
  does: 'the space alarm is raised: puts are refused, all else is served',
  proof: 'a put of our own is refused for lack of space',
  refusal: 'database space exceeded',
});

export const etcdCorrupt: Injector<Corrupt> = alarmInjector({
  alarm: 'Corrupt',
  does: 'the corruption alarm is raised: every write is refused, deletes too; reads and watches are served',
  proof: 'a put of our own is refused as one to a corrupt cluster',
  refusal: 'corrupt cluster',
});

async function setAlarm(etcd: EtcdEntry, alarm: AlarmKind['alarm'], action: 'Activate' | 'Deactivate'): Promise<void> {
  // Member 0 stands for all of them.
  const request = { action, memberID: 0, alarm } as unknown as Alarm;
  await withEtcd(etcd, async (client) => client.maintenance.alarm(request));
}

/** What etcd says against a put; undefined when it takes it. */
function probe(etcd: EtcdEntry): Promise<string | undefined> {
  return withEtcd(etcd, async (client) => client.put(probeKey).value('').exec()).then(
    () => undefined,
    (error: unknown) => String(error),
  );
}
