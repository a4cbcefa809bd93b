/** Processor time per request of a forwarder that is given more than it can do. */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Assignment, Tally } from './closed-loop-client.ts';
import { cpuSeconds } from './cpu-time.ts';
import { startPinned } from './pinned-process.ts';

const warmUpMs = 1_000;
const windowMs = 2_500;
const client = path.join(import.meta.dirname, 'closed-loop-client.ts');

export interface Candidate {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
}

export interface Saturated {
  readonly microsecondsPerRequest: number;
  readonly requestsPerSecond: number;
  /** Share of its core that the candidate had and used. Below 0.8 it idled or others were on it: the figure says little. */
  readonly busy: number;
}

export async function saturate(
  candidate: Candidate,
  clientCore: number,
  targets: Assignment['targets'],
  postBytes?: number,
): Promise<Saturated> {
  await using started = await startPinned(clientCore, [process.execPath, client], async () => true);
  const { child } = started;
  const tally = (): Promise<Tally> =>
    new Promise((resolve, reject) => {
      child.once('message', (message) => resolve(message as Tally));
      child.once('exit', () => reject(new Error(`the client of ${candidate.name} gave up`)));
      child.send('tally');
    });
  child.send({ port: candidate.port, connections: 50, targets, postBytes } satisfies Assignment);
  await sleep(warmUpMs);
  const before = { ...(await tally()), cpu: cpuSeconds(candidate.pid), at: performance.now() };
  await sleep(windowMs);
  const after = { ...(await tally()), cpu: cpuSeconds(candidate.pid), at: performance.now() };
  const seconds = (after.at - before.at) / 1_000;
  const requests = after.answered - before.answered;
  return {
    microsecondsPerRequest: ((after.cpu - before.cpu) * 1e6) / requests,
    requestsPerSecond: requests / seconds,
    busy: (after.cpu - before.cpu) / seconds,
  };
}
