/** Makes an image of ours, unless there is one of the same inputs: its tag is their hash. */
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { HarnessError } from '../../model/errors.ts';
import { type Engine, asked, statusOf, wordsOf } from '../engine.ts';
import { type Recipe, inCheckout, packages } from './recipes.ts';
import { installPackages } from './install-packages.ts';

/** Of a tag. Hexadecimal digits. */
const tagLength = 12;
/** A step that waits for something waits for ever. Milliseconds. */
const builtWithinMs = 600_000;
/** Lines of a build that failed, for the error. */
const toldLines = 8;

/** Resolves with its reference. `base`: reference of the image that it is made on. */
export async function obtainImage(
  engine: Engine,
  recipe: Recipe,
  base: string,
  progress: (text: string) => void,
): Promise<string> {
  const reference = `${recipe.name}:${hashOf(recipe, await idOf(engine, base))}`;
  if ((await idOf(engine, reference)) !== undefined) return reference;
  progress(`building the image of ${recipe.of} (${reference})`);
  const context = mkdtempSync(path.join(tmpdir(), 'gatecrash-image-'));
  try {
    await fill(context, recipe);
    await build(engine, context, reference, { BASE: base });
  } finally {
    rmSync(context, { recursive: true, force: true });
  }
  return reference;
}

/** Its id; undefined when the engine has no such image. */
export async function idOf({ docker }: Engine, reference: string): Promise<string | undefined> {
  const found = docker
    .getImage(reference)
    .inspect()
    .catch((error: unknown) => {
      if (statusOf(error) === 404) return undefined;
      throw error;
    });
  return (await asked(`look at image ${reference}`, found))?.Id;
}

/** `context`: a folder with a Containerfile. Rejects with IMAGE_NOT_BUILT and the last lines. */
export async function build(
  { docker }: Engine,
  context: string,
  reference: string,
  args: Readonly<Record<string, string>>,
): Promise<void> {
  const source = { context, src: readdirSync(context) };
  const said: string[] = [];
  try {
    const options = { t: reference, dockerfile: 'Containerfile', buildargs: args };
    const stream = await docker.buildImage(source, { ...options, abortSignal: AbortSignal.timeout(builtWithinMs) });
    await new Promise<void>((resolve, reject) => {
      docker.modem.followProgress(
        stream,
        (error: Error | null) => (error === null || error === undefined ? resolve() : reject(error)),
        ({ stream: text }: { readonly stream?: string }) => {
          if (text !== undefined && text.trim() !== '') said.push(text.trimEnd());
        },
      );
    });
  } catch (cause) {
    const lines = [...said.slice(-toldLines), wordsOf(cause)].join('\n');
    throw new HarnessError('IMAGE_NOT_BUILT', `${reference} could not be built; the last lines:\n${lines}`, {
      hint: 'make images builds all of them; NODE_IMAGE names another base, or local for one that is made here',
      cause,
    });
  }
}

function hashOf(recipe: Recipe, base: string | undefined): string {
  const hash = createHash('sha256').update(base ?? '');
  const beside = readdirSync(recipe.folder).toSorted();
  for (const name of beside) hash.update(name).update(readFileSync(path.join(recipe.folder, name)));
  for (const file of recipe.sources) hash.update(file).update(readFileSync(inCheckout(file)));
  for (const [name, file] of Object.entries(recipe.files)) hash.update(name).update(readFileSync(file));
  return hash.digest('hex').slice(0, tagLength);
}

async function fill(context: string, recipe: Recipe): Promise<void> {
  cpSync(recipe.folder, context, { recursive: true });
  for (const [name, file] of Object.entries(recipe.files))
    cpSync(file, path.join(context, name), { dereference: true });
  const app = path.join(context, 'app');
  if (recipe === packages) return installPackages(app);
  for (const file of recipe.sources) {
    mkdirSync(path.join(app, path.dirname(file)), { recursive: true });
    cpSync(inCheckout(file), path.join(app, file));
  }
}
