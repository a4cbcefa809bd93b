/**
 * `make test`: the checks, then every test. `--unit` leaves out the tests that start processes. Ends with every skipped
 * test by name and reason, every failure that is no test's, and one line: N passed, N failed, N skipped.
 */
import { spawnSync } from 'node:child_process';
import { type Vitest, startVitest } from 'vitest/node';

const checks: readonly (readonly [string, readonly [string, ...string[]]])[] = [
  ['format', ['oxfmt', '--check', '.']],
  ['lint', ['oxlint', '--type-aware']],
  ['types', ['tsc', '--noEmit']],
  ['unused code', ['knip']],
];

interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: readonly string[];
  /** Failures outside of tests: a file that cannot be loaded, a promise that nobody awaited. */
  readonly besides: readonly string[];
}

function holds([name, [tool, ...args]]: (typeof checks)[number]): boolean {
  process.stdout.write(`check: ${name}\n`);
  return spawnSync(`node_modules/.bin/${tool}`, args, { stdio: 'inherit' }).status === 0;
}

function tally({ state }: Vitest): Tally {
  const modules = state.getTestModules();
  const tests = modules.flatMap(({ children }) => [...children.allTests()]);
  const count = (wanted: string): number => tests.filter((test) => test.result().state === wanted).length;
  const skipped = tests.flatMap((test) => {
    const result = test.result();
    if (result.state === 'passed' || result.state === 'failed') return [];
    const why = result.state === 'skipped' ? result.note : 'it never ran';
    return [`${test.module.relativeModuleId} > ${test.fullName}: ${why ?? `marked ${test.options.mode}`}`];
  });
  const broken = modules
    .filter((module) => module.state() === 'failed')
    .filter(({ children }) => [...children.allTests('failed')].length === 0)
    .map(({ relativeModuleId }) => `${relativeModuleId} as a whole`);
  const unhandled = state.getUnhandledErrors().map((error) => `unhandled: ${String(error)}`);
  return { passed: count('passed'), failed: count('failed'), skipped, besides: [...broken, ...unhandled] };
}

const failedChecks = checks.filter((check) => !holds(check)).map(([name]) => `check of ${name}`);
const vitest = await startVitest('test', process.argv.includes('--unit') ? ['test/unit'] : [], { watch: false });
const { passed, failed, skipped, besides } = tally(vitest);
await vitest.close();

const others = [...failedChecks, ...besides];
for (const line of skipped) process.stdout.write(`skipped: ${line}\n`);
for (const line of others) process.stdout.write(`failed: ${line}\n`);
process.stdout.write(`${passed} passed, ${failed + others.length} failed, ${skipped.length} skipped\n`);
process.exitCode = passed > 0 && failed + others.length === 0 ? 0 : 1;
