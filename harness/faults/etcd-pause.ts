/** `etcd.pause`: etcd, or one member, stands still. The kernel goes on taking connections, so that clients wait. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Fault } from '../../scenarios/scenario.ts';
import type { EtcdMember } from '../model/etcd.ts';
import type { Before, Injector } from '../model/injector.ts';
import { untilServing } from './etcd-client.ts';
import { ledWithout, memberAt, needsThree, theLeader, verifyWhole } from './etcd-members.ts';
import { untilProven } from './until.ts';

type Pause = Extract<Fault, { kind: 'etcd.pause' }>;

/** An etcd that runs answers `/version` in a few milliseconds. */
const silentMs = 300;

export const etcdPause: Injector<Pause> = {
  about: {
    hop: 'etcd',
    does: 'etcd, or one of three members, stands still: it takes connections and never answers',
    proof:
      'a connection of our own is taken and gets no answer in 300 ms; without one member, the others follow a leader',
  },
  unsupported: ({ member }, world) => (member === undefined ? undefined : needsThree(world)),
  prepare: async () => undefined,

  async inject({ member }, world, { signal }): Promise<Before> {
    if (member === undefined) {
      for (const { name } of world.members) world.signal(name, 'SIGSTOP');
      return {};
    }
    const { index } = await theLeader(world, signal);
    const place = member === 'leader' ? index : (index + 1) % world.members.length;
    world.signal(memberAt(world, place).name, 'SIGSTOP');
    return { place };
  },

  verify({ member }, world, { place = 0 }, { signal }) {
    const paused = memberAt(world, place);
    const name = member === undefined ? 'etcd' : paused.name;
    const look = async (): Promise<string | undefined> => {
      if (!(await isSilent(paused, signal))) return undefined;
      const shown = `${name} takes a connection and does not answer in ${silentMs} ms`;
      if (member === undefined) return shown;
      const led = await ledWithout(paused, world, signal);
      return led === undefined ? undefined : `${shown}; ${led}`;
    };
    return untilProven(look, () => `${name} still answers, or the others follow no leader`, signal);
  },

  async heal(_fault, world) {
    for (const { name } of world.members) world.signal(name, 'SIGCONT');
  },

  async verifyHealed({ member }, world, { signal }) {
    if (member !== undefined) return verifyWhole(world, signal);
    return `etcd serves at revision ${await untilServing(world, signal)}`;
  },
};

/** Whether it takes a connection and says nothing on it. */
async function isSilent({ client }: EtcdMember, signal: AbortSignal): Promise<boolean> {
  const socket = connect(Number(client.port), client.hostname);
  try {
    await once(socket, 'connect', { signal });
    socket.write('GET /version HTTP/1.1\r\nHost: etcd\r\n\r\n');
    await once(socket, 'data', { signal: AbortSignal.any([signal, AbortSignal.timeout(silentMs)]) });
    return false;
  } catch (error) {
    if (signal.aborted || (error as Error).name !== 'AbortError') throw error;
    return true;
  } finally {
    socket.destroy();
  }
}
