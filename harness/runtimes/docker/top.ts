/** The processes of a container where this host does not see them: as the engine's `top` lists them, by its own ids. */
import { type StdioOptions, execFileSync } from 'node:child_process';
import type { Processes } from '../../model/ports.ts';

const columns = 'pid,ppid,stat';
const withinMs = 5_000;

export function processesByEngine(container: string): Processes {
  try {
    const stdio: StdioOptions = ['ignore', 'pipe', 'ignore'];
    return processesOf(
      execFileSync('docker', ['top', container, '-o', columns], { encoding: 'utf8', timeout: withinMs, stdio }),
    );
  } catch {
    // It runs no more; or there is no docker client, and nothing can be known.
    return { leader: undefined, children: [], group: [], stopped: [] };
  }
}

/** `table`: with its heading. */
export function processesOf(table: string): Processes {
  const rows = table.trim().split('\n').slice(1);
  const all = rows.map((row) => {
    const [pid, parent, state = ''] = row.trim().split(/\s+/);
    return { pid: Number(pid), parent: Number(parent), state };
  });
  const living = all.filter(({ state }) => !state.startsWith('Z'));
  // Its parent is outside.
  const leader = living.find(({ parent }) => all.every(({ pid }) => pid !== parent))?.pid;
  return {
    leader,
    children: living.filter(({ parent }) => parent === leader).map(({ pid }) => pid),
    group: living.map(({ pid }) => pid),
    stopped: living.filter(({ state }) => state.startsWith('T')).map(({ pid }) => pid),
  };
}
