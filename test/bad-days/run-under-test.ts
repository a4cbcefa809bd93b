/** A run of the bad day, looked at from outside: what of it lives, listens and lies about, by the kernel's own lists. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, readdirSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { JournalEntry } from '../../harness/run/journal.ts';
import { textOf } from '../support/cli.ts';
import { badDay } from './scenario.ts';

/** Toxiproxy may have to be built first. Milliseconds. */
const startsWithinMs = 240_000;

/** Milliseconds after the run has begun, or after its first fault was. */
export interface Moment {
  readonly since: 'begin' | 'fault';
  readonly ms: number;
}

export interface RunUnderTest extends Disposable {
  readonly child: ChildProcess;
  readonly runId: string;
  readonly folder: string;
  /** Its exit code; 130 also when the signal ended it before it was the program's to handle. */
  readonly ended: Promise<number | null>;
  /** Resolves at that moment; rejects when the run ends before anything is broken. */
  until(moment: Moment): Promise<void>;
  /** Entries of the journal so far. */
  journal(): readonly JournalEntry[];
  /** Steps that the journal says were begun, and not healed, by kind. */
  holding(): readonly string[];
}

/** It has begun when this resolves: its journal is there. */
export async function startBadDay(): Promise<RunUnderTest> {
  const parent = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-bad-day-'));
  const folder = path.join(parent, 'run');
  const file = path.join(parent, 'bad-day.json');
  writeFileSync(file, JSON.stringify(badDay));
  const args = ['run', file, '--gateway', 'reference@.', '--trials', '2', '--out', folder];
  const child = spawn(path.resolve('gatecrash'), args, { stdio: 'ignore' });
  const ended = once(child, 'exit').then(([code, signal]) => (signal === 'SIGINT' ? 130 : (code as number | null)));
  const journal = (): readonly JournalEntry[] =>
    textOf(folder, 'journal.ndjson')
      .split('\n')
      .slice(0, -1)
      .map((line) => JSON.parse(line) as JournalEntry);
  const awaited = async (what: string, there: () => boolean): Promise<void> => {
    const deadline = performance.now() + startsWithinMs;
    while (!there()) {
      if (performance.now() > deadline || child.exitCode !== null) throw new Error(`no ${what} came`);
      await sleep(5);
    }
  };
  await awaited('journal', () => journal().length > 0);
  const [first] = journal();
  return {
    child,
    folder,
    ended,
    journal,
    runId: first?.kind === 'run' ? first.runId : '',
    async until({ since, ms }) {
      if (since === 'fault') await awaited('fault', () => journal().some(({ kind }) => kind === 'fault'));
      await sleep(ms);
    },
    holding() {
      const held = new Map<string, string>();
      for (const entry of journal()) {
        if (entry.kind !== 'fault') continue;
        const key = `${entry.trial}/${entry.step}`;
        if (entry.edge === 'healed') held.delete(key);
        else held.set(key, entry.fault);
      }
      return [...held.values()];
    },
    [Symbol.dispose]: () => rmSync(parent, { recursive: true }),
  };
}

/** Processes with the label of the run, dead ones aside, as `<pid> <state> <command>`; the harness has none. */
export function processesOf(runId: string): readonly { readonly pid: number; readonly words: string }[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      if (!readFileSync(`/proc/${pid}/environ`, 'latin1').split('\0').includes(`GATECRASH_RUN=${runId}`)) return [];
      const state = /^State:\s+(\S)/m.exec(readFileSync(`/proc/${pid}/status`, 'latin1'))?.[1] ?? '?';
      const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1').replaceAll('\0', ' ').trim();
      return state === 'Z' ? [] : [{ pid: Number(pid), words: `${pid} ${state} ${command}` }];
    } catch {
      return [];
    }
  });
}

/** Loopback ports on which processes of the run listen now. */
export function portsOf(runId: string): readonly number[] {
  const sockets = new Set(
    processesOf(runId).flatMap(({ pid }) => {
      try {
        return readdirSync(`/proc/${pid}/fd`).map((fd) => linkOf(`/proc/${pid}/fd/${fd}`));
      } catch {
        return [];
      }
    }),
  );
  const rows = readFileSync('/proc/net/tcp', 'utf8').trim().split('\n').slice(1);
  return rows.flatMap((row) => {
    const [, local = '', , state, , , , , , inode] = row.trim().split(/\s+/);
    const listens = state === '0A' && sockets.has(`socket:[${inode}]`);
    return listens ? [Number.parseInt(local.split(':')[1] ?? '0', 16)] : [];
  });
}

/** A descriptor may be closed between listing and reading; it then reads as empty. */
function linkOf(file: string): string {
  try {
    return readlinkSync(file);
  } catch {
    return '';
  }
}

/** Whether anybody takes a connection there. */
async function taken(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Everything of the run that is there: processes, ports that answer, folders and sockets by its name. */
export async function tracesOf(runId: string, ports: readonly number[]): Promise<readonly string[]> {
  const open = await Promise.all(ports.map(async (port) => ((await taken(port)) ? [`port ${port} answers`] : [])));
  const folders = readdirSync(tmpdir()).filter((name) => name.startsWith(`gatecrash-${runId}`));
  const sockets = readFileSync('/proc/net/unix', 'latin1')
    .split('\n')
    .filter((line) => line.includes(runId));
  return [...processesOf(runId).map(({ words }) => words), ...open.flat(), ...folders, ...sockets];
}

/** Resolves with the milliseconds until nothing is there, or with what is there after so long. */
export async function untilGone(
  look: () => Promise<readonly string[]>,
  withinMs: number,
): Promise<{ readonly ms: number; readonly left: readonly string[] }> {
  const startMs = performance.now();
  for (;;) {
    const left = await look();
    const ms = performance.now() - startMs;
    if (left.length === 0 || ms > withinMs) return { ms, left };
    await sleep(20);
  }
}
