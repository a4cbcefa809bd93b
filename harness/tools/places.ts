/** Where fetched and built programs are kept: in the checkout, or in the installed package. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { pins } from './pins.ts';

const root = packageRoot(import.meta.dirname);

/** Built by Go. */
export const builtEtcd: string = path.join(root, '.tools', `etcd-${pins.etcd.version}`, 'etcd');
export const builtEtcdutl: string = path.join(root, '.tools', `etcd-${pins.etcd.version}`, 'etcdutl');
export const builtPrevious: string = path.join(root, '.tools', `etcd-${pins.previousEtcd.version}`, 'etcd');
/** Unpacked from Debian's package: the folder, and the program in it. */
export const debianFolder: string = path.join(root, '.tools', 'etcd-debian');
export const debianEtcd: string = path.join(debianFolder, 'usr/bin/etcd');
export const builtToxiproxy: string = path.join(
  root,
  '.tools',
  `toxiproxy-${pins.toxiproxy.version}`,
  'toxiproxy-server',
);
/** The Go modules that pin them: etcd with etcdutl, the etcd of the minor version before, and toxiproxy. */
export const etcdModule: string = path.join(root, 'harness/tools/etcd');
export const previousEtcdModule: string = path.join(root, 'harness/tools/etcd-previous');
export const toxiproxyModule: string = path.join(root, 'harness/tools/toxiproxy');

/** A Traefik of that version, and the Go module that pins it. */
export function builtTraefik(version: string): string {
  return path.join(root, '.tools', `traefik-${version}`, 'traefik');
}
export function traefikModule(version: string): string {
  return path.join(root, 'harness/tools/traefik', version);
}

/** The nearest folder with a package.json: built code lies one folder deeper than its sources. */
function packageRoot(folder: string): string {
  if (existsSync(path.join(folder, 'package.json'))) return folder;
  const parent = path.dirname(folder);
  if (parent === folder) throw new Error(`no package.json above ${import.meta.dirname}`);
  return packageRoot(parent);
}
