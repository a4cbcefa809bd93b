/** The master: starts the workers, answers for them on the status address, replaces and stops them in order. */
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { Logger } from 'pino';
import { addressTaken, badSettings } from '../exit-codes.ts';
import type { Settings } from '../settings.ts';
import type { Address } from '../settings-reader.ts';
import { createReload } from './reload.ts';
import { serveStatus } from './status-server.ts';
import { WorkerPool } from './worker-pool.ts';

export async function runMaster(settings: Settings, log: Logger): Promise<void> {
  await refuseBadStatic(settings, log);
  const pool = new WorkerPool(log, settings.drainMs);
  process.on('SIGTERM', () => pool.stop()).on('SIGINT', () => pool.stop());
  const reload = createReload(pool, settings, log);
  process.on('SIGHUP', () => void reload());

  await reserve(settings, log);
  try {
    await serveStatus(settings.status, settings.workers, pool);
  } catch (error) {
    return refuse('GATEWAY_STATUS', settings.status, error, log);
  }
  for (let index = 0; index < settings.workers; index++) pool.fork();
  await startAdmin(settings, log);
}

/** What no worker could start with ends the gateway before it has begun. */
async function refuseBadStatic({ staticConfig }: Settings, log: Logger): Promise<void> {
  if (staticConfig === undefined) return;
  try {
    const { readStaticConfig } = await import('../migration/static-config.ts');
    readStaticConfig(staticConfig);
  } catch (error) {
    log.fatal(`GATEWAY_STATIC_CONFIG: ${error instanceof Error ? error.message : String(error)}`);
    process.exit(badSettings);
  }
}

/** Finds out at once that an address is taken: the workers take it after their first read of etcd only. */
async function reserve({ listen, tlsListen }: Settings, log: Logger): Promise<void> {
  for (const [setting, address] of [
    ['GATEWAY_LISTEN', listen],
    ['GATEWAY_TLS_LISTEN', tlsListen],
  ] as const) {
    if (address === undefined) continue;
    try {
      const server = createServer();
      server.listen(address);
      await once(server, 'listening');
      server.close();
      await once(server, 'close');
    } catch (error) {
      refuse(setting, address, error, log);
    }
  }
}

async function startAdmin(settings: Settings, log: Logger): Promise<void> {
  const { admin } = settings;
  if (admin === undefined) return;
  try {
    // Loaded where it is wanted only: the workers need not wait for it.
    await (await import('../admin/server.ts')).serveAdmin(settings, admin, log);
  } catch (error) {
    refuse('GATEWAY_ADMIN', admin.address, error, log);
  }
}

function refuse(setting: string, { host, port }: Address, error: unknown, log: Logger): void {
  const { code, message } = error as NodeJS.ErrnoException;
  const why = code === 'EADDRINUSE' ? 'is taken by another process' : `cannot be had (${message})`;
  log.fatal(`${setting}: the address ${host}:${port} ${why}; choose another or stop what holds it`);
  process.exit(addressTaken);
}
