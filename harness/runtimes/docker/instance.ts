/** A container as the trial holds it. */
import type { Engine } from '../../containers/engine.ts';
import { removeContainer } from '../../containers/leftovers.ts';
import { HarnessError } from '../../model/errors.ts';
import { type Instance, unseen } from '../../model/ports.ts';
import { logTail } from '../log-tail.ts';
import type { RunningContainer } from './container.ts';
import { pidHere, processesIn } from './host-view.ts';
import { send } from './signals.ts';
import { processesByEngine } from './top.ts';

export interface ContainerInstance extends Instance {
  readonly id: string;
}

export interface ContainerEnds {
  /** It runs no more. */
  readonly ended: (instance: ContainerInstance) => void;
  readonly removed: (instance: ContainerInstance) => void;
}

export function instanceOf(
  engine: Engine,
  name: string,
  { id, container, pid: told, ended }: RunningContainer,
  log: string,
  ends: ContainerEnds,
): ContainerInstance {
  const pid = pidHere(id, told);
  let disposed = false;
  const died = ended
    .finally(() => ends.ended(instance))
    .then((how): Promise<never> => {
      if (disposed) return new Promise(() => undefined);
      const words = `${name} ended by itself with ${how}; its last lines:\n${logTail(log, 8)}`;
      throw new HarnessError('PROCESS_DIED', words, { workload: name });
    });
  died.catch(() => undefined);
  const byEngine = (signal: NodeJS.Signals): void => void container.kill({ signal }).catch(() => undefined);
  const signalled = { name, container: id, pid, byEngine };
  const instance: ContainerInstance = {
    id,
    name,
    pid,
    died,
    logTail: (lines = 20) => logTail(log, lines),
    signal: (signal, to = 'leader') => send(signalled, signal, to),
    processes: () => (pid === unseen ? processesByEngine(id) : processesIn(id, pid)),
    async [Symbol.asyncDispose]() {
      disposed = true;
      try {
        await removeContainer(engine, id);
        ends.removed(instance);
      } catch (error) {
        if (pid === unseen) throw error;
        // An engine that is gone may leave its containers running: with its first process each ends. What else is left of it
        // is told by the pod, which is the last to go.
        send({ ...signalled, byEngine: () => undefined }, 'SIGKILL', 'group');
        return;
      }
      await ended.catch(() => undefined);
    },
  };
  return instance;
}
