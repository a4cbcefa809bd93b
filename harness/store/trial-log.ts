/** The evidence of one trial on disk: one observation a line, written as it happens. */
import { createHash } from 'node:crypto';
import { closeSync, mkdirSync, openSync, writeFileSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { CpuProfile } from '../model/cpu-profile.ts';
import type { TrialLog } from '../model/trial-log.ts';
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
  /** SHA-256 of what the trial left, so that evidence which was edited since is not judged. */
  readonly sha256?: { readonly history: string; readonly latency?: string };
}

export function openTrialLog(runFolder: string, trial: Trial): TrialLog {
  const folder = path.join(runFolder, trialFolder(trial));
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
  const save = (name: string, content: unknown): string => {
    const text = `${JSON.stringify(content, null, 2)}\n`;
    writeFileSync(path.join(folder, name), text);
    return text;
  };
  save('trial.json', record);
  const started = performance.now();
  const now = (): number => Math.round((performance.now() - started) * 1_000) / 1_000;
  const history = openSync(path.join(folder, 'history.ndjson'), 'a');
  const written = createHash('sha256');
  let latencyHash: string | undefined;
  let ended = false;
  return {
    folder,
    recorder: {
      now,
      // One write per line: a line is whole on disk (or absent) whenever the harness is killed.
      record(observation) {
        // A word that was still on its way when the trial ended would not be in its hash.
        if (ended) return;
        const line = `${JSON.stringify({ atMs: now(), ...observation })}\n`;
        writeSync(history, line);
        written.update(line);
      },
    },
    saveLatency: (latency) => {
      latencyHash = sha256(save('latency.json', latency));
    },
    saveProfile: (worker, profile) => saveProfile(folder, worker, profile),
    end(state, reason) {
      ended = true;
      const why = reason === undefined ? {} : { reason };
      const latency = latencyHash === undefined ? {} : { latency: latencyHash };
      const hashes = { sha256: { history: written.copy().digest('hex'), ...latency } };
      save('trial.json', { ...record, tookMs: now(), state, ...why, ...hashes });
    },
    [Symbol.dispose]: () => closeSync(history),
  };
}

/** A product may name its workers as it likes. */
function saveProfile(folder: string, worker: string, profile: CpuProfile): void {
  const name = encodeURIComponent(worker.toWellFormed()).replaceAll('.', '%2E');
  writeFileSync(path.join(folder, `${name}.cpuprofile`), JSON.stringify(profile));
}

/** In hexadecimal. */
export function sha256(content: string | Buffer): string {
  return createHash('sha256').update(content).digest('hex');
}
