/** Signals to the processes of a container: by the kernel of this host where it may, and else by the engine. */
import { HarnessError } from '../../model/errors.ts';
import type { Receiver } from '../../model/ports.ts';
import { isOf, processesIn } from './host-view.ts';

export interface Signalled {
  readonly name: string;
  readonly container: string;
  /** Its first process as this host knows it; `unseen` where it does not. */
  readonly pid: number;
  /** Asks the engine to send it to the first process; whether it came is for others to see. */
  readonly byEngine: (signal: NodeJS.Signals) => void;
}

/** Throws FAULT_NOT_CONFIRMED when neither can. Nothing when the process is gone. */
export function send(of: Signalled, signal: NodeJS.Signals, to: Receiver): void {
  const { container, pid: leader } = of;
  const { group } = processesIn(container, leader);
  // With the first process the kernel ends all of them; and an engine of another host knows only that one for us.
  const whole = to === 'group' && signal === 'SIGKILL';
  if (!isOf(container, leader)) return to === 'leader' || whole ? of.byEngine(signal) : refuse(of, to);
  const receivers = to === 'group' ? group : [to === 'leader' ? leader : to];
  for (const pid of receivers.filter((each) => isOf(container, each))) {
    const sent = sendHere(pid, signal);
    if (!sent && (pid === leader || whole)) of.byEngine(signal);
    else if (!sent) refuse(of, pid);
  }
}

/** Whether this user may. */
function sendHere(pid: number, signal: NodeJS.Signals): boolean {
  try {
    process.kill(pid, signal);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EPERM') return false;
    if (code !== 'ESRCH') throw error;
  }
  return true;
}

function refuse({ name }: Signalled, to: Receiver): never {
  const whom = to === 'group' ? 'all processes' : `process ${to}`;
  throw new HarnessError('FAULT_NOT_CONFIRMED', `${whom} of ${name} cannot be sent a signal from here`, {
    hint: "the engine passes signals on to a container's first process only: be root on the engine's own host",
  });
}
