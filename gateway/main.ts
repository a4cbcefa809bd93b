/** The entry of every process of the gateway: master, worker, or one that only answers what it is. */
import cluster from 'node:cluster';
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { badSettings } from './exit-codes.ts';
import { chosenMutants } from './mutants/chosen.ts';
import { type Settings, namedMutants, readSettings } from './settings.ts';

async function main([option, ...more]: readonly string[]): Promise<void> {
  if (option !== undefined) return answer(option, more);
  const settings = readSettings(process.env);
  const refused = 'listen' in settings ? [] : settings;
  const mistakes = [...refused, ...(await chosenMutants(namedMutants(process.env))).mistakes];
  if (mistakes.length > 0 || !('listen' in settings)) return refuse(mistakes);
  return run(settings);
}

/** What can be asked of a gateway that is not running. */
async function answer(option: string, more: readonly string[]): Promise<void> {
  if (more.length === 0 && option === '--list-mutants') {
    const { mutants } = await import('./mutants/index.ts');
    const list = mutants.map(({ wrap: _wrap, ...rest }) => rest);
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
  } else if (more.length === 0 && option === '--version') {
    process.stdout.write(`${version()}\n`);
  } else {
    refuse([
      `unknown arguments "${[option, ...more].join(' ')}"; there are --list-mutants and --version, settings come from the environment`,
    ]);
  }
}

function version(): string {
  const manifest = readFileSync(new URL('package.json', import.meta.url), 'utf8');
  return (JSON.parse(manifest) as { readonly version: string }).version;
}

function refuse(mistakes: readonly string[]): void {
  process.stderr.write(`${mistakes.join('\n')}\n`);
  process.exitCode = badSettings;
}

/** Each process loads its own half only: the master stays small, and workers are forked sooner. */
async function run(settings: Settings): Promise<void> {
  const log = pino({ level: settings.logLevel, base: { pid: process.pid, worker: cluster.worker?.id } });
  process.on('uncaughtException', (error) => {
    log.fatal({ error: error.message, stack: error.stack }, 'uncaught');
    process.exit(1);
  });
  if (cluster.isPrimary) await (await import('./workers/master.ts')).runMaster(settings, log);
  else await (await import('./workers/worker.ts')).runWorker(settings, log);
}

await main(process.argv.slice(2));
