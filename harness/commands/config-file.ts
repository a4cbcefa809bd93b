/** Reads a `gatecrash.config.ts`, and makes the gateways that it describes known. */
import { existsSync } from 'node:fs';
import { registerHooks } from 'node:module';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkGateways } from '../gateways/command/check.ts';
import { defineGateways } from '../gateways/command/driver.ts';
import type { Config } from '../model/config.ts';
import { entryBeside } from '../model/entry.ts';
import { unknownWord } from '../model/nearest.ts';
import { Mistakes } from './mistakes.ts';

export const usualConfig = 'gatecrash.config.ts';

const fields: readonly (keyof Config)[] = [
  'pairs',
  'scenarios',
  'runtime',
  'blocks',
  'timeBudget',
  'nightsBetweenAlarms',
  'runs',
  'history',
  'gateways',
];

/** What the file exports: only its fields and its gateways are checked. Undefined when it is no configuration at all. */
export async function readConfig(file: string, mistakes: Mistakes): Promise<Config | undefined> {
  const value = await exported(file, mistakes);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    mistakes.add('export one configuration: export default defineConfig({ … })');
    return undefined;
  }
  const unknown = Object.keys(value).filter((name) => !fields.some((field) => field === name));
  mistakes.add(...unknown.map((name) => unknownWord('field', name, fields)));
  const config = value as Config;
  const { gateways, mistakes: found } = checkGateways(config.gateways, path.dirname(path.resolve(file)));
  mistakes.add(...found);
  defineGateways(gateways);
  return config;
}

/** For commands that take builds: reads the configuration when one of them is described there, or when a file is named. */
export async function loadGateways(
  builds: readonly (string | undefined)[],
  named: string | undefined,
  mistakes: Mistakes,
): Promise<void> {
  const wanted = builds.some((build) => build?.startsWith('command@') === true);
  if (named === undefined && !(wanted && existsSync(usualConfig))) return;
  const file = named ?? usualConfig;
  if (!existsSync(file)) {
    mistakes.add(`--config: there is no ${file}`);
    return;
  }
  const own = new Mistakes();
  await readConfig(file, own);
  mistakes.add(...own.found().map((mistake) => `${file}: ${mistake}`));
}

/** The default export. `gatecrash/config` is this very program, wherever the file lies. */
async function exported(file: string, mistakes: Mistakes): Promise<unknown> {
  const own = pathToFileURL(entryBeside(import.meta.url, '../model/config')).href;
  const hooks = registerHooks({
    resolve: (specifier, context, next) =>
      specifier === 'gatecrash/config' ? { url: own, shortCircuit: true } : next(specifier, context),
  });
  try {
    return ((await import(pathToFileURL(path.resolve(file)).href)) as { default?: unknown }).default;
  } catch (error) {
    mistakes.add(error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error));
    return {};
  } finally {
    hooks.deregister();
  }
}
