/** The k6 that some tests play with, where this host has one; and what stands in for it where the harness alone is tested. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { findK6 } from '../../harness/tools/k6.ts';

/** Its path; undefined where this host has none. */
export const k6: string | undefined = (await findK6())?.path;

/** For the names of tests, which are how a skipped one is told. */
export const withK6: string = k6 === undefined ? 'no k6 on this host (GATECRASH_K6, PATH)' : 'k6';

/** The stand-in as a program that can be launched. It says nothing about k6; it plays the scripts that k6 is given. */
export function standIn(): string {
  const file = path.join(mkdtempSync(path.join(tmpdir(), 'gatecrash-test-k6-')), 'k6');
  const main = path.join(import.meta.dirname, 'k6-stand-in', 'main.ts');
  writeFileSync(file, `#!/bin/sh\nexec '${process.execPath}' '${main}' "$@"\n`, { mode: 0o755 });
  return file;
}
