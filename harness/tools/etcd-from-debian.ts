/** Unpacks Debian's etcd-server into `.tools` without installing it; apt verifies it with its own keys. */
import { globSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { command } from './command.ts';
import { type Way, onPath } from './found-tool.ts';
import { debianEtcd, debianFolder } from './places.ts';

const withinMs = 5 * 60_000;

export const unpackDebian: Way = async (progress) => {
  const missing = ['apt-get', 'dpkg-deb'].filter((name) => onPath(name) === undefined);
  if (missing.length > 0) return { why: `${missing.join(' and ')} not on PATH` };
  progress(`unpacking Debian's etcd-server into ${debianFolder} (it is not installed)`);
  mkdirSync(path.dirname(debianFolder), { recursive: true });
  // Beside its place, so that it can be renamed into it whole.
  const folder = mkdtempSync(`${debianFolder}-`);
  try {
    const why = (await download(folder)) ?? (await unpack(folder));
    return why === undefined ? { file: debianEtcd } : { why };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
};

/** Fetches into `folder`; returns why it failed. */
async function download(folder: string): Promise<string | undefined> {
  // Lists of its own: a fresh machine has none, an old one's name packages that are gone, and neither is ours to update.
  const own = ['-o', `Dir::State::lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`];
  for (const made of ['lists/partial', 'cache']) mkdirSync(path.join(folder, made), { recursive: true });
  const updated = await command('apt-get', [...own, 'update'], { cwd: folder, withinMs });
  if (!updated.ok) return `apt-get update: ${updated.why}`;
  const fetched = await command('apt-get', [...own, 'download', 'etcd-server'], { cwd: folder, withinMs });
  return fetched.ok ? undefined : `apt-get download etcd-server: ${fetched.why}`;
}

async function unpack(folder: string): Promise<string | undefined> {
  const [file] = globSync(`${folder}/etcd-server_*.deb`);
  if (file === undefined) return 'apt-get download etcd-server left no package';
  const unpacked = path.join(folder, 'unpacked');
  const { ok, why } = await command('dpkg-deb', ['-x', file, unpacked], { withinMs });
  if (!ok) return `dpkg-deb -x: ${why}`;
  rmSync(debianFolder, { recursive: true, force: true });
  renameSync(unpacked, debianFolder);
  return undefined;
}
