/** Puts a build together: the clean seams, wrapped by each mutant that the settings name. */
import { chosenMutants } from './mutants/chosen.ts';
import { type Seams, clean } from './seams.ts';

/** Rejects for a name that there is none of. */
export async function seamsOf(names: readonly string[]): Promise<Seams> {
  const { mutants, mistakes } = await chosenMutants(names);
  if (mistakes.length > 0) throw new Error(mistakes.join('\n'));
  return mutants.reduce((seams, { mutant, dose }) => mutant.wrap(seams, dose), clean);
}
