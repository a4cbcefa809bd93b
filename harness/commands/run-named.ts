/** Finds the run folder that a command line names. */
import { existsSync, globSync } from 'node:fs';
import path from 'node:path';
import { unknownWord } from '../model/nearest.ts';
import type { Mistakes } from './mistakes.ts';

/** A folder, or the id of a run under `runs/`; `latest` is the newest of these. */
export function runFolderNamed(name: string, mistakes: Mistakes): string {
  const known = globSync('runs/*/plan.json')
    .map((file) => path.basename(path.dirname(file)))
    .toSorted();
  const id = name === 'latest' ? (known.at(-1) ?? name) : name;
  const found = [id, path.join('runs', id)].find((folder) => existsSync(path.join(folder, 'plan.json')));
  if (found === undefined) {
    const hint =
      known.length === 0
        ? `no run "${name}": it is no folder with a plan.json, and runs/ holds none`
        : unknownWord('run', name, known);
    mistakes.add(hint);
  }
  return path.resolve(found ?? name);
}
