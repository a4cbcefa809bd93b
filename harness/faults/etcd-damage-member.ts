/**
 * `etcd.damage-member`: the disk of a follower has changed a byte of its log. It cannot start again, as etcd refuses to guess;
 * at heal it is given up, and one with an empty folder joins in its place.
 */
import { closeSync, existsSync, globSync, openSync, readSync, rmSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { Injector } from '../model/injector.ts';
import { statusOf } from './etcd-leadership.ts';
import { ledWithout, memberAt, needsThree, theLeader, verifyWhole } from './etcd-members.ts';
import { joinEmpty, leave } from './etcd-membership.ts';
import { untilProven } from './until.ts';

type DamageMember = Extract<Fault, { kind: 'etcd.damage-member' }>;

/** Within the second record of every file of the log, which tells whose it is; each record has a checksum. */
const damagedByte = 44;

export const etcdDamageMember: Injector<DamageMember> = {
  about: {
    hop: 'etcd',
    does: 'a byte in the log of a follower is changed: it does not start again; at heal an empty one joins in its place',
    proof: 'it has ended by itself after its start, and the others follow a leader',
  },
  unsupported: (_fault, world) => needsThree(world),
  prepare: async () => undefined,

  async inject(_fault, world, { signal }) {
    const { index } = await theLeader(world, signal);
    const lost = (index + 1) % world.members.length;
    const member = memberAt(world, lost);
    writeFileSync(markOf(member), '');
    await world.stop(member.name);
    damage(member);
    await world.restart(member.name, signal);
    world.expectEnd(member.name);
    return { lost };
  },

  verify(_fault, world, before, { signal }) {
    const member = memberAt(world, before['lost']);
    const look = async (): Promise<string | undefined> => {
      if (world.processes(member.name).leader !== undefined) return undefined;
      if ((await statusOf(member.client, signal)) !== undefined) return undefined;
      const led = await ledWithout(member, world, signal);
      return led === undefined ? undefined : `${member.name} does not start on its damaged log; ${led}`;
    };
    return untilProven(look, () => `${member.name} runs on its damaged log, or the others follow no leader`, signal);
  },

  async heal(_fault, world, { signal }) {
    for (const member of world.members) {
      if (!existsSync(markOf(member))) continue;
      await world.stop(member.name);
      await leave(world, member, signal);
      await joinEmpty(world, member, signal);
      rmSync(markOf(member));
    }
  },

  verifyHealed: (_fault, world, { signal }) => verifyWhole(world, signal),
};

/** Beside the folder of its data: from before the damage until one with an empty folder serves in its place. */
function markOf({ data }: EtcdMember): string {
  return `${data}.damaged`;
}

function damage({ name, data }: EtcdMember): void {
  const files = globSync(path.join(data, 'member', 'wal', '*.wal'));
  if (files.length === 0) throw new HarnessError('FAULT_NOT_CONFIRMED', `${name} has no log to be damaged`);
  for (const file of files) {
    // Where it is: they are 64 MB long.
    const log = openSync(file, 'r+');
    const byte = Buffer.alloc(1);
    readSync(log, byte, 0, 1, damagedByte);
    byte.writeUInt8(byte.readUInt8() ^ 0xff);
    writeSync(log, byte, 0, 1, damagedByte);
    closeSync(log);
  }
}
