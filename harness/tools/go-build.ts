/** Builds a pinned program with the host's Go; the `go.sum` of its module vouches for every other. */
import path from 'node:path';
import { command } from './command.ts';
import { type Way, onPath } from './found-tool.ts';

/** A build on two cores takes about a minute; a slow host and a cold module cache some more. Milliseconds. */
const usuallyWithinMs = 15 * 60_000;

export interface GoProgram {
  /** Name and version. */
  readonly what: string;
  /** Folder of the Go module that pins it. */
  readonly module: string;
  /** Import path of the program; the module itself when undefined. */
  readonly program?: string;
  /** Link flags besides those that leave debugging out. */
  readonly link?: string;
  /** The file that is to be made. */
  readonly target: string;
  /** How long it takes, in words. */
  readonly lasts: string;
  /** For one that takes longer than others. Milliseconds. */
  readonly withinMs?: number;
}

export function buildWithGo({ what, module, program = '.', link = '', ...more }: GoProgram): Way {
  const { target, lasts, withinMs = usuallyWithinMs } = more;
  return async (progress) => {
    const go = onPath('go');
    if (go === undefined) return { why: 'go is not on PATH' };
    progress(`building ${what} with Go into ${path.dirname(target)} (${lasts}, once)`);
    // An older Go fetches the toolchain that go.mod asks for, unless the host forbids it.
    const env = { CGO_ENABLED: '0', GOTOOLCHAIN: process.env['GOTOOLCHAIN'] ?? 'auto', GOWORK: 'off' };
    const args = ['build', '-mod=readonly', '-trimpath', `-ldflags=-s -w ${link}`.trim(), '-o', target, program];
    const { ok, why } = await command(go, args, { cwd: module, env, withinMs });
    return ok ? { file: target } : { why };
  };
}
