/** SIGKILL of the harness at a random moment of the bad day, with its guardian or alone, and then `gatecrash clean`. */
import { gatecrash } from '../support/cli.ts';
import {
  type Moment,
  type RunUnderTest,
  portsOf,
  processesOf,
  startBadDay,
  tracesOf,
  untilGone,
} from './run-under-test.ts';

/** Faults have to be off by then. Milliseconds. */
const offWithinMs = 10_000;

export interface Killed {
  /** What held at the kill. */
  readonly holding: readonly string[];
  /** From the kill until everything of the run was gone (until what ends by itself was gone, without a guardian). */
  readonly goneAfterMs: number;
  /** What was still there after `offWithinMs`. */
  readonly left: readonly string[];
  /** What was there after `gatecrash clean`; what it printed when it failed. */
  readonly leftByClean: readonly string[];
}

/** `guarded: false`: the guardian is killed in the same moment, as by somebody who kills all that they see. */
export async function killAt(when: Moment, guarded: boolean): Promise<Killed> {
  using run = await startBadDay();
  await run.until(when);
  const ports = portsOf(run.runId);
  const holding = run.holding();
  if (!guarded) for (const pid of guardiansOf(run)) process.kill(pid, 'SIGKILL');
  run.child.kill('SIGKILL');
  await run.ended;
  const look = async (): Promise<readonly string[]> => {
    const traces = await tracesOf(run.runId, ports);
    return guarded ? traces : traces.filter((trace) => endsByItself.test(trace));
  };
  const { ms, left } = await untilGone(look, offWithinMs);
  const cleaned = await gatecrash(['clean', '--run', run.runId]);
  const after = await tracesOf(run.runId, ports);
  const leftByClean = cleaned.code === 0 ? after : [`clean: ${cleaned.code} ${cleaned.stderr}`, ...after];
  return { holding, goneAfterMs: Math.round(ms), left, leftByClean };
}

/**
 * Without a guardian: what the harness breaks by asking (the link, storms, the upstream, toxiproxy with its toxics) ends with its
 * pipe; etcd and gateway stay.
 */
const endsByItself = /etcd-link\/main|storm\/main|upstream\/main|network\/main|toxiproxy/;

function guardiansOf({ runId }: RunUnderTest): readonly number[] {
  return processesOf(runId).flatMap(({ pid, words }) => (words.includes('guardian/main') ? [pid] : []));
}
