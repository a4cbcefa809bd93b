/** Where a verdict goes: into the run folder, into the reports, to the terminal or to stdout as JSON. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import type { ChangelogReport } from '../model/changelog.ts';
import type { Environment } from '../model/environment.ts';
import type { Plan } from '../model/plan.ts';
import type { Verdict } from '../model/verdict.ts';
import { reporters } from '../reporters/index.ts';
import type { Reporter } from '../reporters/reporter.ts';
import { renderVerdict } from '../reporters/terminal.ts';
import type { ShownSeries } from '../reporters/trend-words.ts';
import { blockMs } from '../run/expected-time.ts';
import { readEvidence, readJson } from '../store/read-evidence.ts';
import { readLogs } from '../store/read-logs.ts';
import { readProfiles } from '../store/read-profiles.ts';
import { saveJson, saveText } from '../store/run-folder.ts';
import { replayCommand, replayEach } from './replay-command.ts';

/** Formats that every run leaves behind. */
const always = ['html', 'junit', 'markdown'];

/** Beside the verdict, when release notes were held against the run. */
const changelogFile = 'changelog.json';

export function saveChangelog(folder: string, changelog: ChangelogReport): void {
  saveJson(folder, changelogFile, changelog);
}

/** Beside the verdict of a run of a nightly: what its numbers did over the nights. */
const trendsFile = 'trends.json';

export function saveTrends(folder: string, trends: readonly ShownSeries[]): void {
  saveJson(folder, trendsFile, trends);
}

export function saveVerdict(folder: string, verdict: Verdict): void {
  saveJson(folder, 'verdict.json', verdict);
}

/** Renders the reports into the run folder; returns their paths. */
export function writeReports(folder: string, verdict: Verdict, formats: readonly string[] = always): readonly string[] {
  const evidence = readEvidence(folder);
  const environment = readJson(path.join(folder, 'environment.json')) as Environment;
  const [changelog, trends] = [changelogFile, trendsFile].map((name) => ifThere(path.join(folder, name)));
  const context = {
    runFolder: folder,
    replay: replayCommand(evidence.plan, shownPath(folder)),
    replayOf: replayEach(evidence.plan, shownPath(folder)),
    environment,
    logs: (trialFolder: string) => readLogs(folder, trialFolder),
    profiles: readProfiles(folder),
    ...(changelog === undefined ? {} : { changelog: changelog as ChangelogReport }),
    ...(trends === undefined ? {} : { trends: trends as readonly ShownSeries[] }),
  };
  return formats.map((format) => {
    const reporter = reporterNamed(format);
    return saveText(folder, reporter.file, reporter.render(evidence, verdict, context));
  });
}

function ifThere(file: string): unknown {
  return existsSync(file) ? readJson(file) : undefined;
}

function reporterNamed(name: string): Reporter {
  const reporter = reporters.find((candidate) => candidate.name === name);
  if (reporter === undefined) throw new Error(`no reporter ${name}`);
  return reporter;
}

/** To people on stderr, or the verdict itself on stdout. */
export function showVerdict(folder: string, verdict: Verdict, json: boolean): void {
  if (json) process.stdout.write(`${JSON.stringify(verdict, null, 2)}\n`);
  else
    process.stdout.write(`${renderVerdict(verdict, { colour: process.stdout.isTTY && !process.env['NO_COLOR'] })}\n`);
  const shown = shownPath(folder);
  const { plan } = readEvidence(folder);
  const lines = [
    ...moreBlocks(plan, verdict),
    `report    ${path.join(shown, 'report.html')}`,
    `evidence  ${shown}`,
    `again     ${replayCommand(plan, shown)}`,
    `decide    gatecrash judge ${shown}`,
  ];
  process.stderr.write(`\n${lines.join('\n')}\n`);
}

/** What it would take to decide what is not decided. */
function moreBlocks(plan: Plan, { scenarios }: Verdict): readonly string[] {
  return scenarios.flatMap(({ scenario, blocksNeeded }) => {
    const planned = plan.scenarios.find((each) => each.scenario.name === scenario);
    if (blocksNeeded === null || planned === undefined) return [];
    const seconds = Math.round((blocksNeeded * blockMs(planned)) / 1_000);
    return [
      `wanted    ${blocksNeeded} more ${blocksNeeded === 1 ? 'block' : 'blocks'} of ${scenario}, about ${seconds} s`,
    ];
  });
}

export function shownPath(folder: string): string {
  return path.relative(process.cwd(), folder) || '.';
}
