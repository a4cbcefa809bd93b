/** `gatecrash serve`: what is under way and what was found, as pages and as metrics. */
import { once } from 'node:events';
import path from 'node:path';
import type { Command } from 'commander';
import { HarnessError } from '../model/errors.ts';
import { defaultHistory } from './history/action.ts';
import { Mistakes } from './mistakes.ts';
import { isLoopback } from './serve/access.ts';
import { createServer } from './serve/server.ts';
import { stopOnSignals } from './signals.ts';

export interface ServeOptions {
  readonly port?: string;
  readonly host?: string;
  readonly runs?: string;
  readonly history?: string;
}

const usualPort = 7478;

/** Resolves with 0 when a signal has stopped it. */
export async function serve(options: ServeOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 0);
  const port = options.port === undefined ? usualPort : mistakes.whole('--port', options.port, 0);
  if (port !== undefined && port > 65_535) mistakes.add(`--port must be at most 65535, not ${port}`);
  const host = options.host ?? '127.0.0.1';
  const token = process.env['GATECRASH_TOKEN'] || undefined;
  if (!isLoopback(host) && token === undefined)
    mistakes.add(`--host ${host} can be reached from other hosts: set a token in GATECRASH_TOKEN`);
  mistakes.throwIfAny('gatecrash serve --help shows every flag');

  const runs = path.resolve(options.runs ?? 'runs');
  const server = createServer({ runs, history: path.resolve(options.history ?? defaultHistory), token });
  // There is nothing to heal, so nothing to say.
  using stop = stopOnSignals(() => undefined);
  try {
    const address = await server.listen({ host, port: port ?? usualPort });
    process.stdout.write(`${address}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    throw new HarnessError('PORT_TAKEN', `port ${port} of ${host} is taken`, {
      hint: 'name another one with --port',
      cause: error,
    });
  }
  if (!stop.signal.aborted) await once(stop.signal, 'abort');
  await server.close();
  return 0;
}
