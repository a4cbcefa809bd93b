/** SIGHUP: every worker is replaced by one that has started anew, one after the other, without a failed request. */
import type { Worker } from 'node:cluster';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Settings } from '../settings.ts';
import type { WorkerPool } from './worker-pool.ts';

/** A worker that is not ready by then ends the reload; the old ones go on. Milliseconds. */
const readyWithinMs = 30_000;
const lookMs = 20;

/** Resolves when it is done or given up. While one runs, another is asked for at most once more. */
export function createReload(pool: WorkerPool, settings: Settings, log: Logger): () => Promise<void> {
  let running: Promise<void> | undefined;
  let again = false;
  const reload = async (): Promise<void> => {
    if (running !== undefined) {
      again = true;
      return running;
    }
    running = replaceAll(pool, settings, log);
    await running;
    running = undefined;
    if (!again) return;
    again = false;
    await reload();
  };
  return reload;
}

async function replaceAll(pool: WorkerPool, settings: Settings, log: Logger): Promise<void> {
  // Those that are still finishing their requests after the last reload have been replaced by it.
  const old = pool.staying;
  log.info({ workers: old.length }, 'reloading: every worker is replaced');
  for (const worker of old) {
    const next = pool.fork();
    if (!(await becomesReady(next, pool))) {
      pool.dismiss(next);
      const file = settings.staticConfig === undefined ? '' : `, ${settings.staticConfig}`;
      log.error({ worker: next.id }, `reload given up: the new worker did not get ready; look at its log${file}`);
      return;
    }
    pool.dismiss(worker);
  }
  log.info('reloaded');
}

async function becomesReady(worker: Worker, pool: WorkerPool): Promise<boolean> {
  const deadline = performance.now() + readyWithinMs;
  while (pool.states.get(worker.id)?.ready !== true) {
    if (worker.isDead() || performance.now() > deadline) return false;
    await sleep(lookMs);
  }
  return true;
}
