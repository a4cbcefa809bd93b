/** Evidence that was damaged or edited is refused with its file, never guessed at. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { readRun } from '../../../harness/commands/read-run.ts';
import { judge } from '../../../harness/judge/judge.ts';
import { parseBuild } from '../../../harness/model/build.ts';
import { type Plan, arms } from '../../../harness/model/plan.ts';
import { makePlan } from '../../../harness/run/make-plan.ts';
import { createRunFolder, saveJson } from '../../../harness/store/run-folder.ts';
import { openTrialLog } from '../../../harness/store/trial-log.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { trial } from '../../support/evidence.ts';

let folder = '';
const build = parseBuild('reference@.') ?? { name: '', gateway: '', version: '', variants: [] };
const looks = [{ blocks: 3, alpha: 0.05 }];
const plan: Plan = makePlan({ scenarios: [none], builds: { stable: build, twin: build, canary: build }, arms, looks, seed: 4 }); // prettier-ignore

beforeEach(() => {
  folder = createRunFolder(mkdtempSync(path.join(tmpdir(), 'gatecrash-test-evidence-')));
  saveJson(folder, 'plan.json', plan);
  for (const block of plan.scenarios[0]?.blocks ?? [])
    for (const arm of arms) {
      using log = openTrialLog(folder, { scenario: none, block, arm, build });
      const { history, latency } = trial(none, block.block, arm);
      for (const observation of history) log.recorder.record(observation);
      log.saveLatency(latency);
      log.end('completed');
    }
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inTrial = (name: string): string => path.join(folder, 'trials/none-2-canary', name);
const edit = (file: string, change: (text: string) => string): void =>
  writeFileSync(file, change(readFileSync(file, 'utf8')));

describe('evidence on disk', () => {
  it('gives the verdict that its records give, byte for byte each time', () => {
    const [one, other] = [judge(readRun(folder)), judge(readRun(folder))];
    expect(one.decision).toBe('safe');
    expect(JSON.stringify(other)).toBe(JSON.stringify(one));
  });

  it.each<[string, () => void, RegExp]>([
    ['a history that is cut off', () => edit(inTrial('history.ndjson'), (t) => t.slice(0, -20)), /history\.ndjson:\d+: the last line is cut off/], // prettier-ignore
    ['a history with a line that is no JSON', () => edit(inTrial('history.ndjson'), (t) => t.replace('{"atMs"', '{atMs')), /history\.ndjson:1: this line is no JSON/], // prettier-ignore
    ['a history that was edited', () => edit(inTrial('history.ndjson'), (t) => t.replace('"sent":1500', '"sent":1501')), /history\.ndjson: it was changed after the trial/], // prettier-ignore
    ['a history that lacks its end', () => edit(inTrial('history.ndjson'), (t) => `${t.split('\n').slice(0, 40).join('\n')}\n`), /history\.ndjson: it was changed after the trial/], // prettier-ignore
    ['a history that is missing', () => rmSync(inTrial('history.ndjson')), /history\.ndjson: it is missing/],
    ['a latency that was edited', () => edit(inTrial('latency.json'), (t) => t.replace('"ok": 6000', '"ok": 5999')), /latency\.json: it was changed after the trial/], // prettier-ignore
    ['a latency that is missing', () => rmSync(inTrial('latency.json')), /latency\.json: it is missing/],
    ['a latency that is no JSON', () => edit(inTrial('latency.json'), () => '[{'), /latency\.json: /],
    ['a trial that is no JSON', () => edit(inTrial('trial.json'), () => ''), /trial\.json: /],
    ['a plan of a future schema', () => edit(path.join(folder, 'plan.json'), (t) => t.replace('"schema": 1', '"schema": 2')), /plan\.json: schema 2 is not 1/], // prettier-ignore
    ['a plan whose tolerance was widened after the run', () => edit(path.join(folder, 'plan.json'), (t) => t.replace('"tolerance": 1.5', '"tolerance": 9')), /plan\.json: it was changed after the run/], // prettier-ignore
    ['a plan that is missing', () => rmSync(path.join(folder, 'plan.json')), /plan\.json: /],
    ['a history with a line that is no observation', () => edit(inTrial('history.ndjson'), (t) => t.replace('\n', '\nnull\n')), /history\.ndjson:2: this line is no observation/], // prettier-ignore
    ['a history whose hash was taken away with its end', () => { edit(inTrial('trial.json'), (t) => t.replace(/,\s*"sha256": \{[^}]*\}/, '')); edit(inTrial('history.ndjson'), (t) => t.slice(0, -20)); }, /history\.ndjson:\d+: the last line is cut off/], // prettier-ignore
    ['a latency that is no list', () => edit(inTrial('latency.json'), () => '{}'), /latency\.json: it is no list of records/], // prettier-ignore
    ['a latency with a phase that is none', () => edit(inTrial('latency.json'), () => '[null]'), /latency\.json: it is no list of records/], // prettier-ignore
    ['a trial that is no record', () => edit(inTrial('trial.json'), () => 'null'), /trial\.json: it is no record of a trial/], // prettier-ignore
    ['a trial of an arm that there is not', () => edit(inTrial('trial.json'), (t) => t.replace('"arm": "canary"', '"arm": "cnary"')), /trial\.json: there is no arm cnary/], // prettier-ignore
    ['a trial whose arm was changed', () => edit(inTrial('trial.json'), (t) => t.replace('"arm": "canary"', '"arm": "stable"')), /trial\.json: it says that it is none-2-stable, and lies in none-2-canary/], // prettier-ignore
    ['a trial in the place of another', () => cpSync(path.join(folder, 'trials/none-1-canary'), path.join(folder, 'trials/none-2-canary'), { recursive: true }), /trial\.json: it says that it is none-1-canary, and lies in none-2-canary/], // prettier-ignore
    ['a trial of another build', () => edit(inTrial('trial.json'), (t) => t.replace('"build": "reference@."', '"build": "reference@.+access-log"')), /trial\.json: it is of reference@\.\+access-log, and the plan has reference@\. as canary/], // prettier-ignore
    ['a trial in a state that there is not', () => edit(inTrial('trial.json'), (t) => t.replace('"state": "completed"', '"state": "done"')), /trial\.json: a trial cannot be done/], // prettier-ignore
    ['a list of skipped scenarios that is none', () => writeFileSync(path.join(folder, 'skipped.json'), '{"scenario":"none"}'), /skipped\.json: it is no list of records/], // prettier-ignore
    ['a plan that is cut off', () => edit(path.join(folder, 'plan.json'), (t) => t.slice(0, -20)), /plan\.json: /],
    ['a plan that is empty', () => edit(path.join(folder, 'plan.json'), () => 'null'), /plan\.json: schema undefined is not 1/], // prettier-ignore
    ['a plan without scenarios', () => edit(path.join(folder, 'plan.json'), () => '{"schema": 1}'), /plan\.json: it has no scenarios/], // prettier-ignore
  ])('is refused: %s', (_, damage, words) => {
    damage();
    expect(() => readRun(folder)).toThrow(words);
  });

  it('of a trial that the harness did not end is an aborted one, and its block does not count', () => {
    edit(inTrial('trial.json'), (text) => {
      const { state: _, sha256: __, ...record } = JSON.parse(text) as Record<string, unknown>;
      return JSON.stringify(record);
    });
    edit(inTrial('history.ndjson'), (text) => text.slice(0, -20));
    const verdict = judge(readRun(folder));
    expect([verdict.decision, verdict.scenarios[0]?.blocks]).toEqual(['invalid', { used: 2, invalid: 1 }]);
    expect(verdict.because).toContain('the harness ended during this trial');
  });

  it('without an arm decides nothing', () => {
    rmSync(path.join(folder, 'trials/none-2-twin'), { recursive: true });
    expect(judge(readRun(folder)).decision).toBe('inconclusive');
  });
});
