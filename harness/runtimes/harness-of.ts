/** The harness of a run, by the id of the run and by what /proc says: only what has none any more is left over. */
import { readFileSync } from 'node:fs';
import { isHarness } from '../model/harness-process.ts';
import { alive, startedMs } from './residue.ts';

/**
 * `20261123-214502-4711`: when the run began (UTC), and the process that began it; a number may follow. Worlds of a test have
 * its name in the place of the time.
 */
const form = /^(?:(?<date>\d{8})-(?<time>\d{6})|[a-z][a-z0-9-]*?)-(?<pid>\d+)(?:-\d+)?$/;

/** An id tells whole seconds, and the kernel's clock is one of its own. Milliseconds. */
const coarseMs = 5_000;

/** The process that began the run, if it lives and is a harness by its command line: it may be signalled. */
export function harnessOf(runId: string): number | undefined {
  const pid = beginnerOf(runId);
  return pid !== undefined && wasThere(runId, pid) && isHarness(commandLine(pid)) ? pid : undefined;
}

/**
 * Also when another program has begun the run, as a test does, and when a harness seems to have begun after its run, as when a
 * clock was set: to end a run that lives is the worse mistake.
 */
export function harnessLives(runId: string): boolean {
  const pid = beginnerOf(runId);
  return pid !== undefined && (wasThere(runId, pid) || isHarness(commandLine(pid)));
}

/** A living process with the id of the one that began the run. */
function beginnerOf(runId: string): number | undefined {
  const pid = Number(form.exec(runId)?.groups?.['pid']);
  return alive(pid) ? pid : undefined;
}

/** It was there before the run, so that no other has its id by now; unknown where the run does not tell its time. */
function wasThere(runId: string, pid: number): boolean {
  const { date, time } = form.exec(runId)?.groups ?? {};
  return date === undefined || time === undefined || startedMs(pid) <= begunMs(date, time) + coarseMs;
}

function begunMs(date: string, time: string): number {
  const iso = `${date.replace(/^(\d{4})(\d\d)(\d\d)$/, '$1-$2-$3')}T${time.replace(/^(\d\d)(\d\d)(\d\d)$/, '$1:$2:$3')}Z`;
  return Date.parse(iso);
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}
