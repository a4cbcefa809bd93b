/** The entry of every process of the gateway: master, worker, or one that only answers what it is. */
import cluster from 'node:cluster';
import { pino } from 'pino';
import { mutants } from './mutants/index.ts';
import { readSettings } from './settings.ts';
import { addressTaken, runMaster } from './workers/master.ts';
import { runWorker } from './workers/worker.ts';

const badSettings = 2;

async function main(): Promise<void> {
  if (process.argv.includes('--list-mutants')) {
    const list = mutants.map(({ wrap: _wrap, ...rest }) => rest);
    process.stdout.write(`${JSON.stringify(list, null, 2)}\n`);
    return;
  }
  const settings = readSettings(process.env);
  if (!('listen' in settings)) {
    process.stderr.write(`${settings.join('\n')}\n`);
    process.exitCode = badSettings;
    return;
  }
  const log = pino({ level: settings.logLevel, base: { pid: process.pid } });
  process.on('uncaughtException', (error: NodeJS.ErrnoException) => {
    log.fatal({ error: error.message, stack: error.stack }, 'uncaught');
    process.exit(error.code === 'EADDRINUSE' ? addressTaken : 1);
  });
  await (cluster.isPrimary ? runMaster(settings, log) : runWorker(settings, log));
}

await main();
