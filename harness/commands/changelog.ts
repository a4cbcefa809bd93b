/** `gatecrash changelog`: the release notes between two versions, and what a run says of them. */
import type { Command } from 'commander';
import { catalogue, suites } from '../../scenarios/catalogue.ts';
import { dialects } from '../changelog/dialects/index.ts';
import type { Dialect } from '../changelog/dialects/dialect.ts';
import { type ReadNotes, readNotes } from '../changelog/read.ts';
import { changelogReport, type Question } from '../changelog/report.ts';
import { isAlone } from '../judge/alone.ts';
import { judge } from '../judge/judge.ts';
import type { ChangelogReport } from '../model/changelog.ts';
import { exitCode, exitCodeOf } from '../model/exit-codes.ts';
import { unknownWord } from '../model/nearest.ts';
import { changelogMarkdown } from '../reporters/changelog/markdown.ts';
import { renderChangelog } from '../reporters/changelog/terminal.ts';
import { readChangelogFiles } from '../store/changelog-files.ts';
import { readEvidence } from '../store/read-evidence.ts';
import { saveText } from '../store/run-folder.ts';
import { watchChangelogs } from './changelog-watch.ts';
import { Mistakes } from './mistakes.ts';
import { runFolderNamed } from './run-named.ts';
import { saveChangelog, shownPath, writeReports } from './verdict-output.ts';

export interface ChangelogOptions {
  readonly file?: readonly string[];
  readonly from?: string;
  readonly to?: string;
  readonly run?: string;
  readonly dialect?: string;
  readonly plan?: boolean;
  readonly explain?: boolean;
  readonly markdown?: boolean;
  readonly watch?: readonly string[];
  readonly state?: string;
  readonly json?: boolean;
}

/** The exit code is that of the run: release notes are read beside a verdict, and move none. */
export async function changelog(options: ChangelogOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  const dialect = dialectNamed(options.dialect, mistakes);
  if (options.watch !== undefined) {
    addUnusedWith('--watch', { '--file': options.file, '--from': options.from, '--to': options.to, '--run': options.run, '--plan': options.plan }, mistakes); // prettier-ignore
    mistakes.throwIfAny(hint);
    return watchChangelogs(options.watch, { ...options, dialect });
  }
  for (const flag of ['file', 'from', 'to'] as const)
    if (options[flag] === undefined) mistakes.add(`--${flag} ${examples[flag]}`);
  addUnusedWith('--plan', options.plan === true ? { '--run': options.run } : {}, mistakes);
  const folder = options.run === undefined ? undefined : runFolderNamed(options.run, mistakes);
  mistakes.throwIfAny(hint);
  const read = readNotes(readChangelogFiles(options.file ?? []), dialect);
  const { from = '', to = '' } = options;
  if (folder !== undefined) return againstRun(read, { from, to, catalogue }, folder, options);
  show(changelogReport(read, { from, to, catalogue }), options);
  return exitCode.safe;
}

const hint = 'gatecrash changelog --help shows every flag';
const examples = {
  file: '<path…> is missing, such as CHANGELOG.md: a file or a folder of release notes',
  from: '<version> is missing: the version that you run',
  to: '<version> is missing: the version that you want',
};

function dialectNamed(name: string | undefined, mistakes: Mistakes): Dialect | undefined {
  const known = dialects.find((dialect) => dialect.name === name);
  const names = dialects.map((dialect) => dialect.name);
  if (name !== undefined && known === undefined) mistakes.add(unknownWord('dialect', name, names));
  return known;
}

function addUnusedWith(flag: string, others: Readonly<Record<string, unknown>>, mistakes: Mistakes): void {
  for (const [other, value] of Object.entries(others))
    if (value !== undefined) mistakes.add(`${flag} and ${other} exclude each other`);
}

function againstRun(read: ReadNotes, question: Question, folder: string, options: ChangelogOptions): number {
  const evidence = readEvidence(folder);
  const mistakes = new Mistakes();
  if (isAlone(evidence.plan))
    mistakes.add(`${shownPath(folder)} is a run of one build: a claim needs a stable beside the canary`);
  mistakes.throwIfAny('gatecrash canary compares two builds');
  const verdict = judge(evidence);
  const scenarios = evidence.plan.scenarios.map(({ scenario }) => scenario);
  const report = changelogReport(read, { ...question, run: { scenarios, verdict } });
  saveChangelog(folder, report);
  saveText(folder, 'changelog.md', changelogMarkdown(report));
  writeReports(folder, verdict);
  show(report, options);
  const shown = shownPath(folder);
  process.stderr.write(`\nreport    ${shown}/report.html#changelog\ncomment   ${shown}/changelog.md\n`);
  return exitCodeOf(verdict.decision);
}

function show(report: ChangelogReport, options: ChangelogOptions): void {
  process.stdout.write(`${textOf(report, options).trimEnd()}\n`);
}

function textOf(report: ChangelogReport, { json, markdown, explain, plan }: ChangelogOptions): string {
  if (json === true) return JSON.stringify(plan === true ? planOf(report) : report, null, 2);
  if (markdown === true) return changelogMarkdown(report);
  const text = renderChangelog(report, { explain: explain ?? false });
  return plan === true ? `${text}\n\n${checkOf(report)}` : text;
}

/** The quick suite, and what the release notes call for beyond it. */
function planOf({ from, to, called, uncovered }: ChangelogReport): {
  readonly from: string;
  readonly to: string;
  readonly scenarios: readonly string[];
  readonly called: ChangelogReport['called'];
  readonly uncovered: ChangelogReport['uncovered'];
} {
  const quick = suites.quick.map(({ name }) => name);
  const scenarios = [...new Set([...quick, ...called.map(({ scenario }) => scenario)])];
  return { from, to, scenarios, called, uncovered };
}

function checkOf(report: ChangelogReport): string {
  return `check     gatecrash canary --stable <build> --canary <build> --scenario ${planOf(report).scenarios.join(' ')}`;
}
