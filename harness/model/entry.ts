/** Where the programs that the harness starts are found. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** Path of a module beside the caller: `.ts` in a checkout, `.js` when built. `name` has no extension. */
export function entryBeside(moduleUrl: string, name: string): string {
  return fileURLToPath(new URL(`${name}${path.extname(moduleUrl)}`, moduleUrl));
}
