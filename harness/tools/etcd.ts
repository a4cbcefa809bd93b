/** Finds an etcd, or makes one: first one that is there, then the ways to get one, in order. */
import { existsSync } from 'node:fs';
import { HarnessError } from '../model/errors.ts';
import { type GoProgram, buildWithGo } from './go-build.ts';
import { unpackDebian } from './etcd-from-debian.ts';
import { type FoundTool, type Way, atLeast, executable, onPath, versionOf } from './found-tool.ts';
import { pins } from './pins.ts';
import { builtEtcd, debianEtcd, etcdModule } from './places.ts';

const hint =
  'install etcd (Debian: apt-get install etcd-server), or install Go and run make setup, or set GATECRASH_ETCD to the path of an etcd binary';

const pinnedEtcd: GoProgram = {
  what: `etcd ${pins.etcd.version}`,
  module: etcdModule,
  target: builtEtcd,
  lasts: 'about a minute',
};

/** Looks without building or fetching anything. Rejects with ETCD_NOT_FOUND when GATECRASH_ETCD names no usable one. */
export async function findEtcd(): Promise<FoundTool | undefined> {
  return (await look()).found;
}

/** Finds or makes one. Rejects with ETCD_NOT_FOUND and why every way failed. */
export async function obtainEtcd(progress: (text: string) => void): Promise<FoundTool> {
  const { found, whyNot } = await look();
  if (found !== undefined) return found;
  const ways: readonly (readonly [string, Way])[] = [
    ['built with Go', buildWithGo(pinnedEtcd)],
    ["out of Debian's package", unpackDebian],
  ];
  const tried = [...whyNot];
  for (const [from, way] of ways) {
    const got = await way(progress);
    const made = 'why' in got ? got.why : await checked(got.file, from);
    if (typeof made !== 'string') return made;
    tried.push(`${from}: ${made}`);
    progress(`no etcd ${from}: ${made}`);
  }
  throw notFound(`there is no etcd\n${tried.map((line) => `  - ${line}`).join('\n')}`);
}

async function look(): Promise<{ readonly found?: FoundTool; readonly whyNot: readonly string[] }> {
  const named = process.env['GATECRASH_ETCD'] ?? '';
  if (named !== '') {
    const found = await checked(named, 'GATECRASH_ETCD');
    // A name that was given and does not work is a mistake to be told, not to be worked around.
    if (typeof found === 'string') throw notFound(`GATECRASH_ETCD: ${found}`);
    return { found, whyNot: [] };
  }
  const whyNot = ['GATECRASH_ETCD: not set'];
  const places: readonly (readonly [string, string | undefined])[] = [
    ['PATH', onPath('etcd')],
    ['.tools, built with Go', builtEtcd],
    [".tools, out of Debian's package", debianEtcd],
  ];
  for (const [from, file] of places) {
    const found = file === undefined ? 'none there' : await checked(file, from);
    if (typeof found !== 'string') return { found, whyNot };
    whyNot.push(`${from}: ${found}`);
  }
  return { whyNot };
}

/** The etcd at that path, or why it is none. */
async function checked(file: string, from: string): Promise<FoundTool | string> {
  if (!existsSync(file)) return `${file} is not there`;
  if (!executable(file)) return `${file} is no program that can be run`;
  const version = await versionOf(file, ['--version'], 'etcd Version:');
  if (version === undefined) return `${file} --version does not say that it is an etcd`;
  if (!atLeast(version, pins.etcd.atLeast)) return `${file} is ${version}, older than ${pins.etcd.atLeast}`;
  return { path: file, version, from };
}

function notFound(message: string): HarnessError {
  return new HarnessError('ETCD_NOT_FOUND', message, { hint });
}
