/**
 * `make images`: builds the image of the watch proxy and sees a real watch through it. `NODE_IMAGE` is the base; `local`
 * makes one here, for a host that reaches no registry of images.
 */
import { execFileSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { seeWatch } from './see-watch.ts';

const root = path.join(import.meta.dirname, '..');
const image = 'gatecrash-watch-proxy';
const localBase = 'gatecrash-node:24';
/** What the watch proxy is made of; the rest of the gateway has no business in its image. */
const sources = ['package.json', 'watch-proxy', 'etcd', 'settings-reader.ts', 'exit-codes.ts'];
const couldNotRun = 4;

function run(command: string, args: readonly string[], cwd: string = root): void {
  execFileSync(command, [...args], { cwd, stdio: ['ignore', 'inherit', 'inherit'] });
}

function works(command: string, ...args: readonly string[]): boolean {
  try {
    execFileSync(command, [...args], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
}

/** What is missing, with what to do about it. */
function lack(local: boolean): string | undefined {
  if (!works('docker', 'version', '--format', '{{.Client.Version}}'))
    return 'docker is missing (Debian: apt-get install docker.io)';
  if (!works('docker', 'info')) return 'no Docker engine answers; start it (dockerd), and see that you may use it';
  if (local && !works('mmdebstrap', '--version'))
    return 'a local base needs mmdebstrap (Debian: apt-get install mmdebstrap)';
  return undefined;
}

/** Debian from its own mirror, and the Node that runs this. Made once. */
function makeLocalBase(scratch: string): void {
  if (execFileSync('docker', ['image', 'ls', '--quiet', localBase]).length > 0) return;
  const context = path.join(scratch, 'node');
  mkdirSync(context);
  run('mmdebstrap', ['--variant=minbase', 'bookworm', path.join(context, 'rootfs.tar')]);
  copyFileSync(process.execPath, path.join(context, 'node'));
  run('docker', ['build', '--tag', localBase, '--file', 'gateway/images/node/Containerfile', context]);
}

function makeImage(base: string | undefined, scratch: string): void {
  const app = path.join(scratch, 'watch-proxy', 'app');
  mkdirSync(path.join(app, 'gateway'), { recursive: true });
  for (const name of ['package.json', 'package-lock.json', '.npmrc', 'gateway/package.json'])
    copyFileSync(path.join(root, name), path.join(app, name));
  const only = ['--workspace', 'gateway', '--include-workspace-root=false', '--omit=dev', '--ignore-scripts'];
  run('npm', ['ci', ...only, '--no-audit', '--no-fund', '--loglevel=error'], app);
  for (const name of sources)
    cpSync(path.join(root, 'gateway', name), path.join(app, 'gateway', name), { recursive: true });
  const argument = base === undefined ? [] : ['--build-arg', `BASE=${base}`];
  const file = 'gateway/images/watch-proxy/Containerfile';
  run('docker', ['build', '--tag', image, '--file', file, ...argument, path.dirname(app)]);
}

async function main(): Promise<number> {
  const wanted = process.env['NODE_IMAGE'];
  const missing = lack(wanted === 'local');
  if (missing !== undefined) {
    process.stderr.write(`images: ${missing}\n`);
    return couldNotRun;
  }
  const scratch = mkdtempSync(path.join(tmpdir(), 'gatecrash-images-'));
  try {
    if (wanted === 'local') makeLocalBase(scratch);
    makeImage(wanted === 'local' ? localBase : wanted, scratch);
    process.stdout.write(`${await seeWatch(image)}\n`);
    return 0;
  } finally {
    if (existsSync(scratch)) rmSync(scratch, { recursive: true });
  }
}

process.exitCode = await main();
