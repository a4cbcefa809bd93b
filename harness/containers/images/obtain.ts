/** The images that a plan needs, each made when there is none of the same inputs. */
import type { Engine } from '../engine.ts';
import { obtainImage } from './build.ts';
import { obtainNodeBase } from './node-base.ts';
import { type ImagePrograms, packages, recipeOf } from './recipes.ts';

/** References by names, that of the packages which most are made on with them. Rejects with IMAGE_NOT_BUILT. */
export async function obtainImages(
  engine: Engine,
  names: readonly string[],
  programs: ImagePrograms,
  progress: (text: string) => void,
): Promise<ReadonlyMap<string, string>> {
  const recipes = names.map((name) => recipeOf(name, programs));
  const node = await obtainNodeBase(engine, progress);
  const base = { node, packages: await obtainImage(engine, packages, node, progress) };
  const references = new Map([[packages.name, base.packages]]);
  // One after the other: they share layers, and the engine its disk.
  for (const recipe of recipes)
    references.set(recipe.name, await obtainImage(engine, recipe, base[recipe.base], progress));
  return references;
}
