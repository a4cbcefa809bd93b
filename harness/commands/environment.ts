/** Looks at the host and the checkout for `environment.json`. */
import { execFileSync } from 'node:child_process';
import { cpus, release, totalmem } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Environment } from '../model/environment.ts';
import type { FoundTool } from '../tools/found-tool.ts';

/** `engine`: version of the Docker engine in which it ran; undefined for processes. */
export function describeEnvironment(etcd: FoundTool, engine: string | undefined, startedAt: Date): Environment {
  return {
    schema: 1,
    startedAt: startedAt.toISOString(),
    host: {
      cpu: cpus()[0]?.model ?? 'unknown',
      cores: cpus().length,
      memoryMiB: Math.round(totalmem() / 1_048_576),
      kernel: release(),
    },
    node: process.version,
    etcd: { version: etcd.version, from: etcd.from },
    ...(engine === undefined ? {} : { engine }),
    git: checkedOut(),
    argv: process.argv.slice(2),
  };
}

/** Commit of the checkout, `+changes` when it differs from it; undefined outside a checkout. */
export function checkedOut(): string | undefined {
  const cwd = fileURLToPath(new URL('.', import.meta.url));
  const git = (...args: readonly string[]): string =>
    execFileSync('git', [...args], { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return `${git('rev-parse', '--short=12', 'HEAD')}${git('status', '--porcelain') === '' ? '' : '+changes'}`;
  } catch {
    return undefined;
  }
}
