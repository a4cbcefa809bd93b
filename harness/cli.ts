#!/usr/bin/env node
/** The command line: arguments → command → exit code, nothing else. */
import { enableCompileCache } from 'node:module';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command, CommanderError } from 'commander';
import { showError } from './commands/show-error.ts';
import { exitCode } from './model/exit-codes.ts';

type Action = (...args: never[]) => Promise<number>;

/** Compiled code, for this program and every one that a trial starts anew: a third of their start-up time. */
process.env['NODE_COMPILE_CACHE'] ??= path.join(tmpdir(), 'gatecrash-compile-cache');
enableCompileCache(process.env['NODE_COMPILE_CACHE']);

const program = new Command('gatecrash')
  .description('Upgrade safety for etcd-backed API gateways: two builds, the same bad day, a verdict with proof')
  .version('0.1.0')
  .exitOverride()
  .showHelpAfterError('gatecrash --help shows the commands');

/** `load` brings the command when it is wanted: the help need not wait for all of them. */
function command(usage: string, about: string, load: () => Promise<Action>): Command {
  return (
    program
      .command(usage)
      .description(about)
      // Unknown flags reach the command, which reports them together with every other mistake.
      .allowUnknownOption()
      .allowExcessArguments()
      .action(async (...args) => {
        const action = await load();
        process.exitCode = await action(...(args as never[]));
      })
  );
}

command(
  'doctor',
  'what this host can do, and what each lack costs',
  async () => (await import('./commands/doctor.ts')).doctor,
).option('--json', 'machine output');
command(
  'list [kind]',
  'scenarios, faults, gateways or mutants',
  async () => (await import('./commands/list.ts')).list,
).option('--json', 'machine output');
command(
  'plan <scenario...>',
  'the exact experiment, before anything runs',
  async () => (await import('./commands/plan.ts')).plan,
)
  .option('--stable <build>', 'build in production now')
  .option('--canary <build>', 'build to be checked')
  .option('--runtime <name>', 'where workloads live: process (default) or docker')
  .option('--config <file>', 'describes gateways of your own, command@<name> (default gatecrash.config.ts)')
  .option('--load <engine>', 'who sends the load: built-in (default) or k6')
  .option('--seed <n>', 'whole number that fixes every random choice')
  .option('--blocks <n>', 'a fixed number of blocks, at least 3')
  .option('--looks <name>', 'quick (3, then 5 blocks; default), nightly (4, then 6) or release (5, then 7)')
  .option('--calibration <file>', 'scales of this host (default gatecrash.calibration.json, where there is one)')
  .option('--json', 'machine output');
command(
  'canary',
  'compare two builds under the same load and faults',
  async () => (await import('./commands/canary.ts')).canary,
)
  .option('--stable <build>', 'build in production now, such as reference@.')
  .option('--canary <build>', 'build to be checked, such as reference@.+watch-advance-on-timeout')
  .option('--config <file>', 'describes gateways of your own, command@<name> (default gatecrash.config.ts)')
  .option('--suite <name>', 'quick (default) or full')
  .option('--scenario <name...>', 'scenarios by name, or files (.ts, .json, .yaml), instead of a suite')
  .option('--runtime <name>', 'where workloads live: process (default) or docker')
  .option('--load <engine>', 'who sends the load: built-in (default) or k6')
  .option('--blocks <n>', 'a fixed number of blocks, at least 3, instead of the planned looks')
  .option('--looks <name>', 'quick (3, then 5 blocks; default), nightly (4, then 6) or release (5, then 7)')
  .option('--calibration <file>', 'scales of this host (default gatecrash.calibration.json, where there is one)')
  .option('--seed <n>', 'whole number that fixes every random choice')
  .option('--out <dir>', 'run folder (default runs/<id>)')
  .option('--max-time <duration>', 'start no block after this time, such as 10m')
  .option(
    '--profile',
    'CPU profiles of stable and canary in every scenario (by default where the canary became slower)',
  )
  .option('--no-profile', 'no CPU profiles')
  .option('--history [file]', 'also keep it in the history (default runs/history.db)')
  .option('--quiet', 'no progress, only the verdict')
  .option('--verbose', 'every phase of every trial as a line')
  .option('--json', 'the verdict on stdout');
command(
  'run <scenario>',
  'one build through one scenario, invariants only',
  async () => (await import('./commands/run.ts')).run,
)
  .option('--gateway <build>', 'build to be run, such as reference@.')
  .option('--config <file>', 'describes gateways of your own, command@<name> (default gatecrash.config.ts)')
  .option('--runtime <name>', 'where workloads live: process (default) or docker')
  .option('--load <engine>', 'who sends the load: built-in (default) or k6')
  .option('--trials <n>', 'how many trials (default 1)')
  .option('--seed <n>', 'whole number that fixes every random choice')
  .option('--out <dir>', 'run folder (default runs/<id>)')
  .option('--max-time <duration>', 'start no trial after this time, such as 10m')
  .option('--history [file]', 'also keep it in the history (default runs/history.db)')
  .option('--quiet', 'no progress, only the verdict')
  .option('--verbose', 'every phase of every trial as a line')
  .option('--json', 'the verdict on stdout');
command(
  'calibrate',
  'one build against itself: how much equal trials differ on this host',
  async () => (await import('./commands/calibrate.ts')).calibrate,
)
  .option('--gateway <build>', 'build to be run (default reference@.)')
  .option('--config <file>', 'describes gateways of your own, command@<name> (default gatecrash.config.ts)')
  .option('--trials <n>', 'trials of each scenario, 9 to 30 (default 12)')
  .option('--suite <name>', 'quick (default) or full')
  .option('--scenario <name...>', 'scenarios by name, or files, instead of a suite')
  .option('--seed <n>', 'whole number that fixes every random choice')
  .option('--out <dir>', 'run folder (default runs/<id>)')
  .option('--file <file>', 'where the calibration goes (default gatecrash.calibration.json)')
  .option('--max-time <duration>', 'start no block after this time, such as 10m');
command(
  'reproduce <entry>',
  'a regression that a real gateway shipped, by name or entry (R01), caught again',
  async () => (await import('./commands/reproduce.ts')).reproduce,
)
  .option('--blocks <n>', 'a fixed number of blocks, at least 3, instead of the planned looks')
  .option('--seed <n>', 'whole number that fixes every random choice')
  .option('--out <dir>', 'run folder (default runs/<id>)')
  .option('--json', 'the verdict on stdout');
command(
  'replay <run>',
  'the experiment of a stored plan once more (a folder, an id, latest, or a file of plan --json)',
  async () => (await import('./commands/replay.ts')).replay,
)
  .option('--config <file>', 'describes gateways of your own, command@<name> (default gatecrash.config.ts)')
  .option('--out <dir>', 'run folder (default runs/<id>)')
  .option('--max-time <duration>', 'start no block after this time, such as 10m')
  .option('--quiet', 'no progress, only the verdict')
  .option('--verbose', 'every phase of every trial as a line')
  .option('--json', 'the verdict on stdout');
command(
  'shrink <run>',
  'the smallest scenario that still breaks what a run broke (a folder, an id, or latest)',
  async () => (await import('./commands/shrink.ts')).shrink,
)
  .option('--finding <oracle>', 'which invariant, when several were broken')
  .option('--out <dir>', 'where it and its trials go (default shrunk/ in the run folder)')
  .option('--max-time <duration>', 'start no trial after this time, such as 10m')
  .option('--json', 'machine output');
command(
  'nightly',
  'the suite of gatecrash.config.ts, with history and trend alarms',
  async () => (await import('./commands/nightly.ts')).nightly,
)
  .option('--config <file>', 'the configuration (default gatecrash.config.ts)')
  .option('--runtime <name>', 'where workloads live: process or docker, instead of what the configuration says')
  .option('--fresh', 'a new night, even when the last one did not come to its end')
  .option('--print-schedule <scheduler>', 'what starts it every night: systemd, cron or github')
  .option('--quiet', 'no progress, only the verdict')
  .option('--verbose', 'every phase of every trial as a line')
  .option('--json', 'machine output');
command(
  'history [action] [words...]',
  'what was found over the nights: list, show <run>, trend, import <folder…>, acknowledge <alarm>',
  async () => (await import('./commands/history.ts')).history,
)
  .option('--history <file>', 'the database (default runs/history.db)')
  .option('--limit <n>', 'list: how many runs (default 20)')
  .option('--pair <name>', 'trend: only this pair; import: the name of the pair')
  .option('--scenario <name>', 'trend: only this scenario')
  .option('--metric <name>', 'trend: only this metric')
  .option('--nights-between-alarms <n>', 'trend: mean nights between two false alarms of all series (default 365)')
  .option('--note <text>', 'acknowledge: why it is the new normal')
  .option('--format <name>', 'list: text, json, csv; trend: also otava, for apache/otava')
  .option('--json', 'machine output');
command(
  'serve',
  'pages of what is under way and what was found, and metrics for Prometheus',
  async () => (await import('./commands/serve.ts')).serve,
)
  .option('--port <n>', 'default 7478; 0 takes a free one')
  .option('--host <address>', 'default 127.0.0.1; another one needs a token in GATECRASH_TOKEN')
  .option('--runs <dir>', 'folder of the run folders (default runs)')
  .option('--history <file>', 'the database (default runs/history.db)');
command(
  'schema',
  'the JSON Schema of scenario files, for editors',
  async () => (await import('./commands/schema.ts')).schema,
);
command(
  'judge <run>',
  'decide again from stored evidence (a folder, an id, or latest)',
  async () => (await import('./commands/judge.ts')).judge,
)
  .option('--rivals', 'also what other canary judges would have said of the same evidence')
  .option('--json', 'machine output');
command('report <run>', 'render a stored run again', async () => (await import('./commands/report.ts')).report).option(
  '--format <list>',
  'html,junit,markdown,json,github (default html)',
);
command(
  'changelog',
  'release notes between two versions, and what a run says of them',
  async () => (await import('./commands/changelog.ts')).changelog,
)
  .option('--file <path...>', 'release notes: files or folders')
  .option('--from <version>', 'version that you run')
  .option('--to <version>', 'version that you want')
  .option('--run <run>', 'hold the entries against this run (a folder, an id, or latest)')
  .option('--plan', 'the scenarios that suspicious entries call for, as a command')
  .option('--explain', 'the reason of every label')
  .option('--dialect <name>', 'how the files are written, instead of telling it from them')
  .option('--watch <path...>', 'only what is new since the last look at these')
  .option('--state <file>', 'where --watch keeps what it saw (default runs/changelog-seen.json)')
  .option('--markdown', 'a comment for a pull request on stdout')
  .option('--json', 'machine output');
command('clean', 'end and remove what killed runs left behind', async () => (await import('./commands/clean.ts')).clean)
  .option('--run <id>', 'only this run, also when it is under way')
  .option('--all', 'also all runs that are under way')
  .option('--json', 'machine output');

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) process.exitCode = error.exitCode === 0 ? exitCode.safe : exitCode.usage;
  else process.exitCode = showError(error);
}
