/** Scenarios from files of the user's: TypeScript, JSON or YAML, one scenario each, through one schema. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { scenarioMistakes } from '../../scenarios/check.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import { locate } from './located-file.ts';
import { withScript } from './read-script.ts';
import { type SchemaMistake, schemaMistakes } from './schema-mistakes.ts';

const dataFile = /\.(?:json|ya?ml)$/;
const codeFile = /\.[cm]?[jt]s$/;
/** Bytes; a scenario is a page. */
const mostBytes = 1_048_576;

/** Whether a word of the command line means a file rather than a name of the catalogue. */
export function isScenarioFile(word: string): boolean {
  return dataFile.test(word) || codeFile.test(word) || word.includes('/');
}

/** The scenario, or every mistake as a sentence that begins with its place. */
export async function loadScenario(file: string): Promise<Scenario | readonly string[]> {
  try {
    if (dataFile.test(file)) return fromData(file);
    if (codeFile.test(file)) return await fromCode(file);
    return [`${file}: a scenario file ends in .ts, .json or .yaml`];
  } catch (error) {
    return [`${file}: ${error instanceof Error ? (error.message.split('\n')[0] ?? '') : String(error)}`];
  }
}

function fromData(file: string): Scenario | readonly string[] {
  const text = readFileSync(file, 'utf8');
  if (text.length > mostBytes) return [`${file}: over ${mostBytes} bytes; a scenario is a page`];
  const located = locate(file, text);
  if (located.mistakes.length > 0) return located.mistakes;
  return checked(file, located.value, (place) => located.placeOf(place));
}

/** The default export, or the only one that is an object. */
async function fromCode(file: string): Promise<Scenario | readonly string[]> {
  const exported = (await import(pathToFileURL(path.resolve(file)).href)) as Record<string, unknown>;
  const objects = Object.values(exported).filter((value) => typeof value === 'object' && value !== null);
  const value = exported['default'] ?? (objects.length === 1 ? objects[0] : undefined);
  if (value === undefined) return [`${file}: exports ${objects.length} objects; export one scenario`];
  return checked(file, value, (place) => [file, ...place].join(' '));
}

/** Types first: what the values mean can be asked only of what has the right form. */
function checked(
  file: string,
  value: unknown,
  placeOf: (path: readonly string[]) => string,
): Scenario | readonly string[] {
  const placed = (mistakes: readonly SchemaMistake[]): readonly string[] =>
    mistakes.map(({ path, words }) => `${placeOf(path)}: ${words}${within(path)}`);
  const forms = schemaMistakes(value);
  if (forms.length > 0) return placed(forms);
  const { scenario, mistakes } = withScript(value as Scenario, file, placeOf(['load', 'script']));
  const all = [...mistakes, ...placed(scenarioMistakes(scenario))];
  return all.length > 0 ? all : scenario;
}

function within(path: readonly string[]): string {
  return path.length === 0 ? '' : ` (${path.join('.')})`;
}
