/** `make test`: the checks, then vitest; one closing line, and every skipped test by name. `--unit` leaves the rest out. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

interface Assertion {
  readonly status: string;
  readonly fullName: string;
}

interface Results {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numFailedTestSuites: number;
  readonly testResults: readonly { readonly assertionResults: readonly Assertion[] }[];
}

const checks: readonly (readonly [string, readonly string[]])[] = [
  ['format', ['oxfmt', '--check', '.']],
  ['lint', ['oxlint', '--type-aware']],
  ['types', ['tsc', '--noEmit']],
  ['unused code', ['knip']],
];

function run(args: readonly string[]): boolean {
  return spawnSync('npx', ['--no-install', ...args], { stdio: 'inherit' }).status === 0;
}

const failedChecks = checks.filter(([name, args]) => {
  process.stdout.write(`check: ${name}\n`);
  return !run(args);
});

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-results-'));
const file = path.join(folder, 'results.json');
const only = process.argv.includes('--unit') ? ['test/unit'] : [];
const ran = run(['vitest', 'run', ...only, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`]);
const results = JSON.parse(readFileSync(file, 'utf8')) as Results;
rmSync(folder, { recursive: true });

const skipped = results.testResults
  .flatMap(({ assertionResults }) => assertionResults)
  .filter(({ status }) => status === 'skipped' || status === 'pending' || status === 'todo');
for (const { fullName } of skipped) process.stdout.write(`skipped: ${fullName}\n`);
for (const [name] of failedChecks) process.stdout.write(`failed check: ${name}\n`);
const failed = results.numFailedTests + failedChecks.length;
const passed = results.numPassedTests + checks.length - failedChecks.length;
process.stdout.write(`${passed} passed, ${failed} failed, ${skipped.length} skipped\n`);
process.exitCode = ran && failed === 0 && results.numPassedTests > 0 ? 0 : 1;
