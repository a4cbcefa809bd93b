/**
 * `make test`: the checks, then every test. `--unit` leaves out the tests that start processes. Ends with every skipped
 * test by name and reason, every failure in short (of a log that was cut the end is what is left), and one line: N passed,
 * N failed, N skipped.
 */
import { spawnSync } from 'node:child_process';
import { stripVTControlCharacters } from 'node:util';
import { type TestCase, type Vitest, startVitest } from 'vitest/node';

const checks: readonly (readonly [string, readonly [string, ...string[]]])[] = [
  ['format', ['oxfmt', '--check', '.']],
  ['lint', ['oxlint', '--type-aware']],
  ['types', ['tsc', '--noEmit']],
  ['unused code', ['knip']],
];

interface Tally {
  readonly passed: number;
  readonly failed: readonly string[];
  readonly skipped: readonly string[];
  /** Failures outside of tests: a file that cannot be loaded, a promise that nobody awaited. */
  readonly besides: readonly string[];
}

function holds([name, [tool, ...args]]: (typeof checks)[number]): boolean {
  process.stdout.write(`check: ${name}\n`);
  return spawnSync(`node_modules/.bin/${tool}`, args, { stdio: 'inherit' }).status === 0;
}

/** The longest that is told again of one failure, in characters. */
const mostOfFailure = 2_000;

/** Which test, and what it said, without the code around it. */
function inShort(test: TestCase): string {
  const said = (test.result().errors ?? []).map(({ message, diff = '' }) => `${message}\n${diff}`);
  const text = stripVTControlCharacters(said.join('\n')).trim().slice(0, mostOfFailure);
  return `${test.module.relativeModuleId} > ${test.fullName}: ${text.replaceAll('\n', '\n  ')}`;
}

function tally({ state }: Vitest): Tally {
  const modules = state.getTestModules();
  const tests = modules.flatMap(({ children }) => [...children.allTests()]);
  const of = (wanted: string): readonly TestCase[] => tests.filter((test) => test.result().state === wanted);
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
  return {
    passed: of('passed').length,
    failed: of('failed').map(inShort),
    skipped,
    besides: [...broken, ...unhandled],
  };
}

const failedChecks = checks.filter((check) => !holds(check)).map(([name]) => `check of ${name}`);
const vitest = await startVitest('test', process.argv.includes('--unit') ? ['test/unit'] : [], { watch: false });
const { passed, failed, skipped, besides } = tally(vitest);
await vitest.close();

const failures = [...failed, ...failedChecks, ...besides];
for (const line of skipped) process.stdout.write(`skipped: ${line}\n`);
for (const line of failures) process.stdout.write(`failed: ${line}\n`);
process.stdout.write(`${passed} passed, ${failures.length} failed, ${skipped.length} skipped\n`);
process.exitCode = passed > 0 && failures.length === 0 ? 0 : 1;
