/** Programs beside etcd that one fault each needs: got only for a scenario that has it. */
import { existsSync } from 'node:fs';
import type { FaultKind, Scenario } from '../../scenarios/scenario.ts';
import type { EtcdPrograms } from '../model/ports.ts';
import { type FoundTool, executable, onPath, versionOf } from './found-tool.ts';
import { type GoProgram, buildWithGo } from './go-build.ts';
import { pins } from './pins.ts';
import { builtEtcdutl, builtPrevious, etcdModule, previousEtcdModule } from './places.ts';

export interface Companion {
  readonly name: string;
  /** The fault that cannot be done without it. */
  readonly fault: FaultKind;
  /** Names a program of the user's own. */
  readonly variable: string;
  /** Looked for on PATH; a second etcd has no name of its own. */
  readonly onPath: string | undefined;
  readonly program: GoProgram;
  readonly versionArgs: readonly string[];
  readonly versionAfter: string;
  /** Minor versions that it is behind the etcd in use. */
  readonly behind: 0 | 1;
}

export const etcdutl: Companion = {
  name: 'etcdutl',
  fault: 'etcd.restore',
  variable: 'GATECRASH_ETCDUTL',
  onPath: 'etcdutl',
  program: {
    what: `etcdutl ${pins.etcd.version}`,
    module: etcdModule,
    program: 'go.etcd.io/etcd/etcdutl/v3',
    target: builtEtcdutl,
    lasts: 'about a minute',
  },
  versionArgs: ['version'],
  versionAfter: 'etcdutl version:',
  behind: 0,
};

export const previousEtcd: Companion = {
  name: 'previous etcd',
  fault: 'etcd.upgrade',
  variable: 'GATECRASH_ETCD_PREVIOUS',
  onPath: undefined,
  program: {
    what: `etcd ${pins.previousEtcd.version}`,
    module: previousEtcdModule,
    target: builtPrevious,
    lasts: 'about a minute',
  },
  versionArgs: ['--version'],
  versionAfter: 'etcd Version:',
  behind: 1,
};

/** Looks without building anything; a sentence when there is none. */
export async function findCompanion(companion: Companion, etcdVersion: string): Promise<FoundTool | string> {
  const named = process.env[companion.variable] ?? '';
  if (named !== '') return checked(companion, named, companion.variable, etcdVersion);
  const { onPath: name, program } = companion;
  const there = name === undefined ? undefined : onPath(name);
  const places = [
    ['PATH', there],
    ['.tools, built with Go', existsSync(program.target) ? program.target : undefined],
  ] as const;
  const whyNot: string[] = [];
  for (const [from, file] of places) {
    if (file === undefined) continue;
    const found = await checked(companion, file, from, etcdVersion);
    if (typeof found !== 'string') return found;
    whyNot.push(found);
  }
  return whyNot.length > 0
    ? whyNot.join('; ')
    : `not in ${companion.variable}${name === undefined ? '' : ', on PATH'} or in .tools`;
}

/** What the faults of these scenarios need; what cannot be had is told, and undefined. */
export async function obtainPrograms(
  etcd: FoundTool,
  scenarios: readonly Scenario[],
  progress: (text: string) => void,
): Promise<EtcdPrograms> {
  const kinds = new Set(scenarios.flatMap(({ timeline }) => timeline.map(({ fault }) => fault.kind)));
  const got = async (companion: Companion): Promise<string | undefined> =>
    kinds.has(companion.fault) ? obtainCompanion(companion, etcd.version, progress) : undefined;
  return { etcd: etcd.path, etcdutl: await got(etcdutl), previous: await got(previousEtcd) };
}

/** Finds or makes it; undefined, and told why, when it cannot be had. */
export async function obtainCompanion(
  companion: Companion,
  etcdVersion: string,
  progress: (text: string) => void,
): Promise<string | undefined> {
  const found = await findCompanion(companion, etcdVersion);
  if (typeof found !== 'string') return found.path;
  const built = await buildWithGo(companion.program)(progress);
  const made = 'why' in built ? built.why : await checked(companion, built.file, 'built with Go', etcdVersion);
  if (typeof made !== 'string') return made.path;
  progress(`${companion.fault} cannot be done: no ${companion.name}: ${found}; built with Go: ${made}`);
  return undefined;
}

async function checked(
  { versionArgs, versionAfter, behind }: Companion,
  file: string,
  from: string,
  etcdVersion: string,
): Promise<FoundTool | string> {
  if (!executable(file)) return `${file} is no program that can be run`;
  const version = await versionOf(file, versionArgs, versionAfter);
  if (version === undefined) return `${file} does not say its version after "${versionAfter}"`;
  const wanted = minorOf(etcdVersion) - behind;
  if (minorOf(version) !== wanted)
    return `${file} is ${version}; etcd ${etcdVersion} needs one of minor version ${wanted}`;
  return { path: file, version, from };
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
