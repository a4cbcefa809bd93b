/** The last resort of the command line: an error in words, and its exit code. */
import { HarnessError, UsageError } from '../model/errors.ts';
import { exitCode } from '../model/exit-codes.ts';

/** Prints what was wrong, where, and what to do; returns the exit code. */
export function showError(error: unknown): number {
  if (error instanceof UsageError) {
    const { mistakes } = error;
    process.stderr.write(`${mistakes.map((mistake) => `error: ${mistake}`).join('\n')}\n`);
  } else if (error instanceof HarnessError) {
    process.stderr.write(`error ${error.code}: ${error.message}\n`);
  } else {
    process.stderr.write(
      `the harness broke: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`,
    );
  }
  if (error instanceof HarnessError && error.hint !== undefined) process.stderr.write(`hint: ${error.hint}\n`);
  return error instanceof HarnessError && error.isOfTheInput ? exitCode.usage : exitCode.broken;
}
