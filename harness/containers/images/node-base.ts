/** The image with Node that all others are made on: the official one, or one that is made here where it cannot be had. */
import { createHash } from 'node:crypto';
import { copyFileSync, cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { HarnessError } from '../../model/errors.ts';
import { type Engine, asked, wordsOf } from '../engine.ts';
import { build, idOf } from './build.ts';
import { inCheckout } from './recipes.ts';

/** As the Containerfiles name it. */
const official = 'node:24-bookworm-slim';
/** Debian of the same release; iptables is for the pod. */
const debian = ['--variant=minbase', '--include=iptables', 'bookworm'];
const madeHere = createHash('sha256')
  .update(`${process.version} ${debian.join(' ')}`)
  .digest('hex')
  .slice(0, 12);
const local = `gatecrash-node:${madeHere}`;
/** A slow line takes minutes for 80 MB; one that leads nowhere is noticed by the engine itself. Milliseconds. */
const pulledWithinMs = 300_000;

/** Resolves with its reference. NODE_IMAGE names another one, or `local`. */
export async function obtainNodeBase(engine: Engine, progress: (text: string) => void): Promise<string> {
  const named = process.env['NODE_IMAGE'] ?? '';
  if (named === 'local') return makeLocal(engine, progress);
  if (named !== '') return named;
  for (const each of [official, local]) if ((await idOf(engine, each)) !== undefined) return each;
  progress(`pulling ${official}, once`);
  const why = await pull(engine, official);
  if (why === undefined) return official;
  progress(`${official} cannot be had: ${why}`);
  return makeLocal(engine, progress);
}

/** Why it failed; undefined when it did not. */
async function pull({ docker }: Engine, reference: string): Promise<string | undefined> {
  try {
    const pulled = docker.pull(reference).then(
      (stream: NodeJS.ReadableStream) =>
        new Promise<void>((resolve, reject) => {
          docker.modem.followProgress(stream, (error: Error | null) => (error ? reject(error) : resolve()));
        }),
    );
    await asked(`pull ${reference}`, pulled, {}, pulledWithinMs);
    return undefined;
  } catch (error) {
    return wordsOf((error as Error).cause ?? error);
  }
}

/** Debian from its own mirror, and the Node that runs this. */
async function makeLocal(engine: Engine, progress: (text: string) => void): Promise<string> {
  if ((await idOf(engine, local)) !== undefined) return local;
  progress(`making a base image of Debian's packages (${local}; about a minute, once)`);
  const context = mkdtempSync(path.join(tmpdir(), 'gatecrash-image-'));
  try {
    cpSync(inCheckout('gateway/images/node'), context, { recursive: true });
    copyFileSync(process.execPath, path.join(context, 'node'));
    await promisify(execFile)('mmdebstrap', [...debian, path.join(context, 'rootfs.tar')], { maxBuffer: 2 ** 26 });
    await build(engine, context, local, {});
    return local;
  } catch (cause) {
    if (cause instanceof HarnessError) throw cause;
    const { stderr = '', message } = cause as { readonly stderr?: string; readonly message: string };
    const why = stderr.trim().split('\n').at(-1) || message;
    throw new HarnessError('IMAGE_NOT_BUILT', `there is no ${official}, and none can be made here: ${why}`, {
      hint: 'install mmdebstrap (Debian), or name an image with Node 24 and iptables by NODE_IMAGE',
      cause,
    });
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
}
