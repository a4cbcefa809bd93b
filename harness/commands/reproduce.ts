/** `gatecrash reproduce`: a regression that a real gateway shipped, built into the reference gateway and caught. */
import type { Command } from 'commander';
import { type Mutant, mutants } from '../gateways/reference.ts';
import { unknownWord } from '../model/nearest.ts';
import { arms } from '../model/plan.ts';
import { makePlan } from '../run/make-plan.ts';
import { execute } from './execute.ts';
import { Mistakes } from './mistakes.ts';
import { buildNamed, looksOf, scenariosNamed, seedOf } from './question.ts';

export interface ReproduceOptions {
  readonly seed?: string;
  readonly blocks?: string;
  readonly out?: string;
  readonly json?: boolean;
}

/** By the name of the mutant, or by the entry of the collection that it stands for, such as R01. */
export async function reproduce(entry: string, options: ReproduceOptions, command: Command): Promise<number> {
  const mistakes = new Mistakes();
  mistakes.addUnknownArguments(command, 1);
  const mutant = mutantNamed(entry, mistakes);
  const looks = looksOf(options, 1, mistakes);
  const seed = seedOf(options.seed, mistakes);
  const stable = buildNamed('reference@.', mistakes);
  const canary = mutant === undefined ? undefined : buildNamed(`reference@.+${mutant.name}`, mistakes);
  const scenarios = mutant === undefined ? [] : await scenariosNamed([mutant.scenario], undefined, mistakes);
  mistakes.throwIfAny('gatecrash list mutants shows every known bug with the scenario that must catch it');
  if (stable === undefined || canary === undefined) throw new Error('mistakes were thrown above');
  const plan = makePlan({ scenarios, builds: { stable, twin: stable, canary }, arms, looks, seed });
  return execute({ plan, out: options.out, json: options.json ?? false, maxTimeMs: undefined });
}

function mutantNamed(entry: string, mistakes: Mistakes): Mutant | undefined {
  const known = mutants().filter(({ kind }) => kind === 'known-bad');
  const found = known.filter(({ name, corpus }) => name === entry || corpus === entry.toUpperCase());
  const [first, ...more] = found;
  if (first === undefined) {
    const words = known.flatMap(({ name, corpus }) => [name, corpus]);
    mistakes.add(unknownWord('entry', entry, [...new Set(words)]));
  } else if (more.length > 0) {
    mistakes.add(`${entry} is more than one: ${found.map(({ name }) => name).join(', ')}; name the one`);
  }
  return first;
}
