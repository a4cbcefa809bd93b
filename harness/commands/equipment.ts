/** What a plan needs of its host, looked for before anything of the run is there, and built where that is the way to have it. */
import { engineOf } from '../../scenarios/load-engine.ts';
import { HarnessError } from '../model/errors.ts';
import type { EtcdPrograms } from '../model/etcd.ts';
import type { Plan } from '../model/plan.ts';
import { type ToxiproxyFound, hurtHops } from '../run/network.ts';
import { obtainPrograms } from '../tools/etcd-companions.ts';
import { obtainEtcd } from '../tools/etcd.ts';
import type { FoundTool } from '../tools/found-tool.ts';
import { obtainK6 } from '../tools/k6.ts';
import { obtainToxiproxy } from '../tools/toxiproxy.ts';
import { type Place, placeFor } from './place.ts';

export interface Equipment {
  readonly etcd: FoundTool;
  readonly programs: EtcdPrograms;
  readonly toxiproxy: ToxiproxyFound;
  /** Path; undefined when the plan's load comes from elsewhere. */
  readonly k6: string | undefined;
  readonly place: Place;
}

export async function equip(plan: Plan, note: (text: string) => void): Promise<Equipment> {
  const scenarios = plan.scenarios.map(({ scenario }) => scenario);
  const k6 = await k6For(plan);
  const etcd = await obtainEtcd(note);
  const programs = await obtainPrograms(etcd, scenarios, note);
  const toxiproxy = await toxiproxyFor(plan, note);
  const inImages = {
    etcd: programs.etcd,
    previousEtcd: programs.previous,
    toxiproxy: 'path' in toxiproxy ? toxiproxy.path : undefined,
  };
  const place = await placeFor(plan, inImages, note);
  return { etcd, programs, toxiproxy, k6, place };
}

/** Without it the plan cannot be played as it says: nothing is started. */
async function k6For({ runtime, scenarios }: Plan): Promise<string | undefined> {
  if (!scenarios.some(({ scenario }) => engineOf(scenario.load) === 'k6')) return undefined;
  if (runtime === 'process') return (await obtainK6()).path;
  throw new HarnessError('IMAGE_NOT_FOUND', 'k6 comes in no image: its load is sent beside processes only', {
    hint: 'leave out --runtime docker, or --load k6',
  });
}

/** Looked for, and built, only when the plan needs it. Without it only the scenarios that need it are skipped. */
async function toxiproxyFor({ scenarios }: Plan, note: (text: string) => void): Promise<ToxiproxyFound> {
  if (!scenarios.some(({ scenario }) => hurtHops(scenario).size > 0)) return { why: 'the plan needs no toxiproxy' };
  try {
    return await obtainToxiproxy(note);
  } catch (error) {
    if (error instanceof HarnessError && error.code === 'TOXIPROXY_NOT_FOUND') return { why: error.message };
    throw error;
  }
}
