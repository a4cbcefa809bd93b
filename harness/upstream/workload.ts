/** How the echo upstream is run. */
import { entryBeside } from '../model/entry.ts';
import type { Workload } from '../model/ports.ts';

export function upstreamWorkload({ listen }: { readonly listen: URL }): Workload {
  const args = [entryBeside(import.meta.url, 'main')];
  return { name: 'upstream', command: process.execPath, args, env: { UPSTREAM_LISTEN: listen.origin } };
}
