/** Puts a build together: the clean seams, wrapped by each mutant that the settings name. */
import { mutants } from './mutants/index.ts';
import { type Seams, clean } from './seams.ts';

export function seamsOf(names: readonly string[]): Seams {
  const chosen = mutants.filter(({ name }) => names.includes(name));
  return chosen.reduce((seams, mutant) => mutant.wrap(seams), clean);
}
