/** `etcd.move-leader`: the leader hands over to another member, once or again and again. No member ends. */
import type { Fault } from '../../scenarios/scenario.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { Injector } from '../model/injector.ts';
import { moveLeader } from './etcd-leadership.ts';
import { clientsOf, leaderNow, memberAt, needsThree, theLeader, verifyWhole } from './etcd-members.ts';
import { Storm } from './storm/launch.ts';
import { untilProven } from './until.ts';

type MoveLeader = Extract<Fault, { kind: 'etcd.move-leader' }>;

const storm = new Storm('etcd-move-leader');

export const etcdMoveLeader: Injector<MoveLeader> = {
  about: {
    hop: 'etcd',
    does: 'the leader of three members hands over to another one, once or again and again',
    proof: 'another member leads, in a later term',
  },
  unsupported: (_fault, world) => needsThree(world),

  async prepare({ every }, world, context) {
    if (every === undefined) return;
    await storm.prepare(world, context, { leaderMoves: { ratePerSecond: 1_000 / milliseconds(every) } });
  },

  async inject({ every }, world, context) {
    const { index, leader } = await theLeader(world, context.signal);
    if (every === undefined) await moveLeader(clientsOf(world), context.signal);
    else storm.release(world, context);
    return { leader: index, term: leader.term };
  },

  verify(_fault, world, before, { signal }) {
    const { name } = memberAt(world, before['leader']);
    const look = async (): Promise<string | undefined> => {
      const now = await leaderNow(world, signal);
      if (now === undefined || now.leader.term <= (before['term'] ?? 0)) return undefined;
      return `${name} led in term ${before['term']}, ${now.member.name} leads in term ${now.leader.term}`;
    };
    return untilProven(look, () => `${name} still leads`, signal);
  },

  heal: (_fault, world, context) => storm.end(world, context),

  async verifyHealed({ every }, world, context) {
    const ended = every === undefined ? '' : `${storm.verifyEnded(world, context)}; `;
    return `${ended}${await verifyWhole(world, context.signal)}`;
  },
};
