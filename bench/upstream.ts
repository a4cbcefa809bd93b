/** What stands behind the forwarders: nginx where it is installed, else a server that does nothing but answer. */
import path from 'node:path';
import { startNginxUpstream } from './nginx.ts';
import { type PinnedProcess, accepts, startPinned } from './pinned-process.ts';

/** Answers every request with 1 KB. */
export function startUpstream(
  nginx: string | undefined,
  core: number,
  folder: string,
  port: number,
): Promise<PinnedProcess> {
  if (nginx !== undefined) return startNginxUpstream(nginx, core, folder, port);
  const command = [process.execPath, path.join(import.meta.dirname, 'canned-upstream.ts'), String(port)];
  return startPinned(core, command, () => accepts(port));
}
