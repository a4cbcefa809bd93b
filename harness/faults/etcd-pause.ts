/** `etcd.pause`: etcd stands still. The kernel still accepts connections for it, so that clients wait instead of failing. */
import { once } from 'node:events';
import { connect } from 'node:net';
import type { Fault } from '../../scenarios/scenario.ts';
import type { Injector } from '../model/ports.ts';
import { untilServing } from './etcd-client.ts';
import { untilProven } from './until.ts';

type Pause = Extract<Fault, { kind: 'etcd.pause' }>;

/** An etcd that runs answers `/version` in a few milliseconds. */
const silentMs = 300;

export const etcdPause: Injector<Pause> = {
  about: {
    hop: 'etcd',
    does: 'etcd stands still: it takes connections and never answers',
    proof: 'a connection of our own is taken and gets no answer in 300 ms',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(_fault, world) {
    for (const { name } of world.members) world.signal(name, 'SIGSTOP');
    return {};
  },

  verify(_fault, world, _before, { signal }) {
    const look = async (): Promise<string | undefined> => {
      const socket = connect(Number(world.etcd.port), world.etcd.hostname);
      try {
        await once(socket, 'connect', { signal });
        socket.write('GET /version HTTP/1.1\r\nHost: etcd\r\n\r\n');
        await once(socket, 'data', { signal: AbortSignal.any([signal, AbortSignal.timeout(silentMs)]) });
        return undefined;
      } catch (error) {
        if (signal.aborted || (error as Error).name !== 'AbortError') throw error;
        return `etcd takes a connection and does not answer in ${silentMs} ms`;
      } finally {
        socket.destroy();
      }
    };
    return untilProven(look, () => 'etcd still answers', signal);
  },

  async heal(_fault, world) {
    for (const { name } of world.members) world.signal(name, 'SIGCONT');
  },

  async verifyHealed(_fault, world, { signal }) {
    return `etcd serves at revision ${await untilServing(world, signal)}`;
  },
};
