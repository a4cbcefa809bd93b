/** Collects every mistake of a command line, so that they are reported together and nothing is started. */
import type { Command } from 'commander';
import { UsageError } from '../model/errors.ts';
import { unknownWord } from '../model/nearest.ts';

export class Mistakes {
  readonly #found: string[] = [];

  add(...mistakes: readonly string[]): void {
    this.#found.push(...mistakes);
  }

  /** Unknown flags and surplus words of a command that lets them through to be reported here. */
  addUnknownArguments(command: Command, expectedArguments: number): void {
    const flags = command.options.map(({ long }) => long ?? '').filter((flag) => flag !== '');
    let valueOfUnknown = false;
    for (const word of command.args.slice(expectedArguments)) {
      if (word.startsWith('-')) this.add(unknownWord('flag', word.replace(/=.*/, ''), flags));
      else if (!valueOfUnknown) this.add(`unexpected argument "${word}"`);
      valueOfUnknown = word.startsWith('-') && !word.includes('=');
    }
  }

  /** A whole number of at least `least`, or undefined with the mistake noted. */
  whole(flag: string, text: string, least: number): number | undefined {
    const value = Number(text);
    if (Number.isInteger(value) && value >= least && text.trim() !== '') return value;
    this.add(`${flag} must be a whole number of at least ${least}, not "${text}"`);
    return undefined;
  }

  found(): readonly string[] {
    return this.#found;
  }

  throwIfAny(hint?: string): void {
    if (this.#found.length > 0) throw new UsageError(this.#found, hint);
  }
}
