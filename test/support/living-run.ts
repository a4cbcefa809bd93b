/** A run folder whose harness lives and has one trial under way. */
import { appendFileSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { routeFlood } from '../../scenarios/routes/route-flood.ts';
import { start } from './cli.ts';
import { evidence } from './evidence.ts';
import { writeRunFolder } from './run-folder.ts';

export interface LivingRun extends AsyncDisposable {
  /** Adds an observation to the history of the trial. */
  readonly add: (observation: object) => void;
  /** Another trial: its folder in the run, such as `profiles/route-flood-1-stable`, and what its `trial.json` says. */
  readonly trial: (name: string, record: object) => void;
  /** The run ends by itself. */
  readonly end: () => void;
}

export async function livingRun(runs: string): Promise<LivingRun> {
  mkdirSync(runs, { recursive: true });
  const folder = mkdtempSync(path.join(runs, 'living-'));
  writeRunFolder(folder, { ...evidence([routeFlood], 1), trials: [] });
  // A process of that command line: this is what tells a harness from whatever has its pid now.
  const harness = start(['serve', '--port', '0', '--runs', runs, '--history', path.join(runs, 'none.db')]);
  await new Promise((resolve) => harness.child.stdout?.once('data', resolve));
  const write = (name: string, record: object): void => {
    mkdirSync(path.join(folder, name), { recursive: true });
    writeFileSync(path.join(folder, name, 'trial.json'), JSON.stringify({ scenario: 'route-flood', block: 1, ...record })); // prettier-ignore
  };
  const trial = 'trials/route-flood-1-canary';
  write(trial, { arm: 'canary', startedAt: '2026-01-01T02:00:00.000Z' });
  const append = (file: string, line: object): void => appendFileSync(file, `${JSON.stringify(line)}\n`);
  const journal = path.join(folder, 'journal.ndjson');
  append(journal, { kind: 'run', runId: 'r', pid: harness.child.pid, scratch: '/tmp/x' });
  return {
    add: (observation) => append(path.join(folder, trial, 'history.ndjson'), observation),
    trial: write,
    end: () => append(journal, { kind: 'end' }),
    async [Symbol.asyncDispose]() {
      harness.child.kill('SIGTERM');
      await harness.ended;
    },
  };
}
