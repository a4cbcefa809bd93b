/**
 * After `npm install`: `node scripts/complete-lock.ts`. npm leaves a platform's package out of package-lock.json when
 * the registry at hand cannot serve it, and `npm ci` then refuses the lock file on every platform, also where that
 * package is not wanted. What is missing is added from what its parent declares; `--check` only tells.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Lock, missingFrom, withMissing } from './lock-file.ts';

const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const lock = JSON.parse(readFileSync(file, 'utf8')) as Lock;
const missing = missingFrom(lock);
for (const { key, version } of missing) process.stdout.write(`missing from package-lock.json: ${key} ${version}\n`);

if (process.argv.includes('--check')) process.exitCode = missing.length === 0 ? 0 : 1;
else if (missing.length > 0) writeFileSync(file, `${JSON.stringify(withMissing(lock), null, 2)}\n`);
