/** Programs beside etcd that one fault each needs: got only for a scenario that has it. Each has to fit the etcd in use. */
import type { FaultKind, Scenario } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { EtcdPrograms } from '../model/etcd.ts';
import { type FoundTool, onPath } from './found-tool.ts';
import { buildWithGo } from './go-build.ts';
import { type WantedTool, obtain } from './obtain.ts';
import { pins } from './pins.ts';
import { builtEtcdutl, builtPrevious, etcdModule, previousEtcdModule } from './places.ts';

/** Such a program for an etcd of that version. */
export type Companion = (etcdVersion: string) => WantedTool & { readonly fault: FaultKind };

export const etcdutl: Companion = (etcdVersion) => ({
  aName: 'an etcdutl',
  name: 'etcdutl',
  fault: 'etcd.restore',
  variable: 'GATECRASH_ETCDUTL',
  versionArgs: ['version'],
  beforeVersion: 'etcdutl version:',
  unfit: notOfMinor(etcdVersion, 0),
  places: () => [
    ['PATH', onPath('etcdutl')],
    ['.tools, built with Go', builtEtcdutl],
  ],
  ways: [
    [
      'built with Go',
      buildWithGo({
        what: `etcdutl ${pins.etcd.version}`,
        module: etcdModule,
        program: 'go.etcd.io/etcd/etcdutl/v3',
        target: builtEtcdutl,
        lasts: 'about a minute',
      }),
    ],
  ],
  code: 'ETCD_NOT_FOUND',
  hint: 'install Go, which builds one, or set GATECRASH_ETCDUTL to the path of an etcdutl',
});

export const previousEtcd: Companion = (etcdVersion) => ({
  aName: 'an etcd',
  name: 'previous etcd',
  fault: 'etcd.upgrade',
  variable: 'GATECRASH_ETCD_PREVIOUS',
  beforeVersion: 'etcd Version:',
  unfit: notOfMinor(etcdVersion, 1),
  // A second etcd has no name of its own that could be on PATH.
  places: () => [['.tools, built with Go', builtPrevious]],
  ways: [
    [
      'built with Go',
      buildWithGo({
        what: `etcd ${pins.previousEtcd.version}`,
        module: previousEtcdModule,
        target: builtPrevious,
        lasts: 'about a minute',
      }),
    ],
  ],
  code: 'ETCD_NOT_FOUND',
  hint: 'install Go, which builds one, or set GATECRASH_ETCD_PREVIOUS to the path of an etcd of the minor version before',
});

/** What the faults of these scenarios need; what cannot be had is told, and undefined. */
export async function obtainPrograms(
  etcd: FoundTool,
  scenarios: readonly Scenario[],
  progress: (text: string) => void,
): Promise<EtcdPrograms> {
  const kinds = new Set(scenarios.flatMap(({ timeline }) => timeline.map(({ fault }) => fault.kind)));
  const got = async (companion: Companion): Promise<string | undefined> =>
    kinds.has(companion(etcd.version).fault) ? obtainCompanion(companion, etcd.version, progress) : undefined;
  return { etcd: etcd.path, etcdutl: await got(etcdutl), previous: await got(previousEtcd) };
}

/** Finds or makes it; undefined, and told why, when it cannot be had: the scenarios that need it are skipped. */
export async function obtainCompanion(
  companion: Companion,
  etcdVersion: string,
  progress: (text: string) => void,
): Promise<string | undefined> {
  const wanted = companion(etcdVersion);
  try {
    return (await obtain(wanted, progress)).path;
  } catch (error) {
    if (!(error instanceof HarnessError)) throw error;
    progress(`${wanted.fault} cannot be done: ${error.message}`);
    return undefined;
  }
}

/** `behind`: minor versions that it has to be behind the etcd in use. */
function notOfMinor(etcdVersion: string, behind: 0 | 1): (version: string) => string | undefined {
  const wanted = minorOf(etcdVersion) - behind;
  return (version) =>
    minorOf(version) === wanted ? undefined : `and etcd ${etcdVersion} needs one of minor version ${wanted}`;
}

function minorOf(version: string): number {
  return Number(version.split('.')[1]);
}
