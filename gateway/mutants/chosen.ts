/** The mutants that settings name: `name`, or `name=dose` for one that comes in doses. */
import { closest } from 'fastest-levenshtein';
import type { Mutant } from './mutant.ts';

export interface Chosen {
  readonly mutants: readonly { readonly mutant: Mutant; readonly dose: number | undefined }[];
  /** As sentences. */
  readonly mistakes: readonly string[];
}

/** They are loaded where one is wanted only: they are many small files, and a worker that is replaced should be back soon. */
export async function chosenMutants(words: readonly string[]): Promise<Chosen> {
  if (words.length === 0) return { mutants: [], mistakes: [] };
  const { mutants: all } = await import('./index.ts');
  const mutants: Chosen['mutants'][number][] = [];
  const mistakes: string[] = [];
  for (const word of words) {
    const [name = '', text] = word.split('=');
    const dose = text === undefined ? undefined : text === '' ? Number.NaN : Number(text);
    const mutant = all.find((each) => each.name === name);
    const mistake = mutant === undefined ? unknown(name, all) : wrongDose(mutant, dose);
    if (mistake !== undefined) mistakes.push(`GATEWAY_MUTANTS: ${mistake}`);
    else if (mutant !== undefined) mutants.push({ mutant, dose });
  }
  return { mutants, mistakes };
}

function unknown(name: string, all: readonly Mutant[]): string {
  const nearest = closest(
    name,
    all.map((each) => each.name),
  );
  return `unknown "${name}"; did you mean "${nearest}"?`;
}

function wrongDose({ name, dose }: Mutant, given: number | undefined): string | undefined {
  if (given === undefined) return undefined;
  if (dose === undefined) return `${name} comes in no doses`;
  return given >= 0 && Number.isFinite(given) ? undefined : `${name} needs a number for its dose (${dose.unit})`;
}
