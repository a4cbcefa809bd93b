/** Finds the host's nginx and asks it for its version. */
import { spawnSync } from 'node:child_process';
import { type FoundTool, executable, onPath } from './found-tool.ts';

/** Undefined when there is none. `GATECRASH_NGINX` may name its path. */
export function findNginx(): FoundTool | undefined {
  const named = process.env['GATECRASH_NGINX'] ?? '';
  // Servers lie in a folder that an ordinary user's PATH leaves out.
  const places = named === '' ? [onPath('nginx'), '/usr/sbin/nginx'] : [named];
  const path = places.find((file) => file !== undefined && executable(file));
  if (path === undefined) return undefined;
  const { stderr } = spawnSync(path, ['-v'], { encoding: 'utf8' });
  const version = /nginx\/(\d+\.\d+\.\d+)/.exec(stderr)?.[1];
  return version === undefined ? undefined : { path, version, from: named === '' ? 'PATH' : 'GATECRASH_NGINX' };
}
