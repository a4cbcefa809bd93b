/** The evidence of one trial on disk: one observation a line, written as it happens. */
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { TrialLog } from '../model/ports.ts';
import { type Trial, trialFolder } from '../model/plan.ts';

/** What `trial.json` says; written at the start without a state, so that a killed run shows which trial it was in. */
export interface TrialRecord {
  readonly scenario: string;
  readonly block: number;
  readonly arm: Trial['arm'];
  readonly seed: number;
  readonly replayOf?: number;
  readonly build: string;
  readonly startedAt: string;
  /** From the first process to the last that is gone; milliseconds. */
  readonly tookMs?: number;
  readonly state?: 'completed' | 'invalid' | 'aborted';
  readonly reason?: string;
}

export function openTrialLog(runFolder: string, trial: Trial): TrialLog {
  const folder = path.join(runFolder, trialFolder(trial.scenario.name, trial.block.block, trial.arm));
  mkdirSync(folder, { recursive: true });
  const { block, seed, replayOf } = trial.block;
  const record: TrialRecord = {
    scenario: trial.scenario.name,
    block,
    arm: trial.arm,
    seed,
    ...(replayOf === undefined ? {} : { replayOf }),
    build: trial.build.name,
    startedAt: new Date().toISOString(),
  };
  const save = (name: string, content: unknown): void =>
    writeFileSync(path.join(folder, name), `${JSON.stringify(content, null, 2)}\n`);
  save('trial.json', record);
  const started = performance.now();
  const now = (): number => Math.round((performance.now() - started) * 1_000) / 1_000;
  const history = openSync(path.join(folder, 'history.ndjson'), 'a');
  return {
    folder,
    recorder: {
      now,
      // One write per line: a line is whole on disk (or absent) whenever the harness is killed.
      record: (observation) => void writeSync(history, `${JSON.stringify({ atMs: now(), ...observation })}\n`),
    },
    saveLatency: (latency) => save('latency.json', latency),
    end: (state, reason) =>
      save('trial.json', { ...record, tookMs: now(), state, ...(reason === undefined ? {} : { reason }) }),
    [Symbol.dispose]: () => closeSync(history),
  };
}
