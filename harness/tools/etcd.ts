/** Finds an etcd, or makes one: the order is that of `ways`, and every way that failed is told. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cp, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { HarnessError } from '../model/errors.ts';
import { type FoundTool, atLeast, executable, onPath, output, versionIn } from './found-tool.ts';
import { pins } from './pins.ts';

const checkout = fileURLToPath(new URL('../..', import.meta.url));
const cache = path.join(checkout, '.tools', `etcd-${pins.etcd.version}`);
const debianCache = path.join(checkout, '.tools', 'etcd-debian');
const goModule = fileURLToPath(new URL('etcd', import.meta.url));
/** A Go build on two cores takes about a minute; a slow host and a cold module cache some more. Milliseconds. */
const buildWithinMs = 15 * 60_000;

/** Looks without building or fetching anything. */
export async function findEtcd(): Promise<FoundTool | undefined> {
  const named = process.env['GATECRASH_ETCD'];
  const places: readonly (readonly [string | undefined, string])[] = [
    [named, 'GATECRASH_ETCD'],
    [onPath('etcd'), 'PATH'],
    [path.join(cache, 'etcd'), `.tools, built with Go`],
    [path.join(debianCache, 'usr/bin/etcd'), `.tools, Debian's package`],
  ];
  for (const [file, from] of places) {
    const found = file === undefined ? undefined : await checked(file, from);
    if (found !== undefined) return found;
    // A name that was given and does not work is a mistake to be told, not to be worked around.
    if (from === 'GATECRASH_ETCD' && named !== undefined) {
      throw new HarnessError(
        'ETCD_NOT_FOUND',
        `GATECRASH_ETCD names ${named}, which is no etcd of ${pins.etcd.atLeast} or newer`,
      );
    }
  }
  return undefined;
}

/** Finds or makes one. Rejects with ETCD_NOT_FOUND and what was tried. */
export async function obtainEtcd(progress: (text: string) => void): Promise<FoundTool> {
  const found = await findEtcd();
  if (found !== undefined) return found;
  const tried: string[] = ['GATECRASH_ETCD is not set', 'no etcd on PATH or in .tools'];
  for (const way of [buildWithGo, unpackDebian]) {
    const result = await way(progress);
    if (typeof result !== 'string') return result;
    tried.push(result);
  }
  throw new HarnessError('ETCD_NOT_FOUND', `there is no etcd:\n${tried.map((line) => `  - ${line}`).join('\n')}`, {
    hint: 'install etcd (Debian: apt-get install etcd-server), or install Go and run make setup, or set GATECRASH_ETCD to the path of an etcd binary',
  });
}

async function checked(file: string, from: string): Promise<FoundTool | undefined> {
  if (!executable(file)) return undefined;
  const version = versionIn(await output(file, ['--version']));
  return version !== undefined && atLeast(version, pins.etcd.atLeast) ? { path: file, version, from } : undefined;
}

async function buildWithGo(progress: (text: string) => void): Promise<FoundTool | string> {
  const go = onPath('go');
  if (go === undefined) return 'there is no Go to build it with';
  progress(`building etcd ${pins.etcd.version} with Go (about a minute, once)`);
  await mkdir(cache, { recursive: true });
  const file = path.join(cache, 'etcd');
  const args = ['-C', goModule, 'build', '-trimpath', '-ldflags=-s -w', '-o', file, '.'];
  await output('env', ['CGO_ENABLED=0', go, ...args], buildWithinMs);
  return (await checked(file, 'built with Go')) ?? `Go could not build it (see: cd ${goModule} && go build .)`;
}

/** Unpacks the package into `.tools` without installing it; apt verifies it as it does any other. */
async function unpackDebian(progress: (text: string) => void): Promise<FoundTool | string> {
  if (onPath('apt-get') === undefined || onPath('dpkg-deb') === undefined)
    return 'this is no Debian, so its package is no way';
  progress("unpacking Debian's etcd-server into .tools (not installing it)");
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-setup-'));
  try {
    await output('sh', ['-c', `cd '${folder}' && apt-get download etcd-server`], 120_000);
    await output('sh', ['-c', `dpkg-deb -x '${folder}'/etcd-server_*.deb '${folder}/unpacked'`], 60_000);
    const file = path.join(folder, 'unpacked/usr/bin/etcd');
    if (!executable(file)) return "Debian's etcd-server could not be fetched (apt-get update may be needed first)";
    await cp(path.join(folder, 'unpacked'), debianCache, { recursive: true });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return (
    (await checked(path.join(debianCache, 'usr/bin/etcd'), "Debian's package")) ?? "Debian's etcd does not run here"
  );
}
