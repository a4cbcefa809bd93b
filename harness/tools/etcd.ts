/** Finds an etcd, or makes one. */
import { unpackDebian } from './etcd-from-debian.ts';
import { type FoundTool, olderThan, onPath } from './found-tool.ts';
import { buildWithGo } from './go-build.ts';
import { type WantedTool, find, obtain } from './obtain.ts';
import { pins } from './pins.ts';
import { builtEtcd, debianEtcd, etcdModule } from './places.ts';

const etcd: WantedTool = {
  aName: 'an etcd',
  name: 'etcd',
  variable: 'GATECRASH_ETCD',
  beforeVersion: 'etcd Version:',
  unfit: olderThan(pins.etcd.atLeast),
  places: () => [
    ['PATH', onPath('etcd')],
    ['.tools, built with Go', builtEtcd],
    [".tools, out of Debian's package", debianEtcd],
  ],
  ways: [
    [
      'built with Go',
      buildWithGo({
        what: `etcd ${pins.etcd.version}`,
        module: etcdModule,
        target: builtEtcd,
        lasts: 'about a minute',
      }),
    ],
    ["out of Debian's package", unpackDebian],
  ],
  code: 'ETCD_NOT_FOUND',
  hint: 'install etcd (Debian: apt-get install etcd-server), or install Go and run make setup, or set GATECRASH_ETCD to the path of an etcd binary',
};

/** Looks without building or fetching anything. Rejects with ETCD_NOT_FOUND when GATECRASH_ETCD names no usable one. */
export function findEtcd(): Promise<FoundTool | undefined> {
  return find(etcd);
}

/** Finds or makes one. Rejects with ETCD_NOT_FOUND and why every way failed. */
export function obtainEtcd(progress: (text: string) => void): Promise<FoundTool> {
  return obtain(etcd, progress);
}
