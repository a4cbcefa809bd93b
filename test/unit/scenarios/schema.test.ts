/** Scenario files: one schema, made of the language itself, and mistakes that are told where they stand. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import fc from 'fast-check';
import { afterAll, expect, test } from 'vitest';
import { stringify } from 'yaml';
import { loadScenario } from '../../../harness/scenario-files/load-scenario.ts';
import { schemaMistakes } from '../../../harness/scenario-files/schema-mistakes.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';
import { scenarioSchema } from '../../../scripts/scenario-schema.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-scenario-'));
afterAll(() => rmSync(folder, { recursive: true }));

function fileOf(name: string, text: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, text);
  return file;
}

test('the committed schema is that of the language as it is; node scripts/scenario-schema.ts --write makes it', () => {
  const committed: unknown = JSON.parse(readFileSync('scenarios/scenario.schema.json', 'utf8'));
  expect(committed).toEqual(JSON.parse(scenarioSchema()));
});

test.each(catalogue)('$name is the same from TypeScript, JSON and YAML', async (scenario) => {
  const json = JSON.stringify(scenario);
  expect(await loadScenario(fileOf('s.json', json))).toEqual(scenario);
  expect(await loadScenario(fileOf('s.yaml', stringify(scenario)))).toEqual(scenario);
  expect(await loadScenario(fileOf(`${scenario.name}.ts`, `export const mine: object = ${json};`))).toEqual(scenario);
});

const [sample] = catalogue;
const text = stringify(sample);

test.each([
  [
    'a field too much',
    text.replace('ballast:', 'balast: 1\n  ballast:'),
    /:13:11: unknown field "balast"; did you mean/,
  ],
  ['a field too few', text.replace(/^claim: .*$/m, ''), /:1:1: the field "claim" is missing/],
  [
    'an unknown word',
    text.replace('side-by-side', 'side-by-site'),
    /:\d+:7: unknown value "side-by-site"; did you mean/,
  ],
  [
    'an unknown fault',
    text.replace('watch.stall', 'watch.stal'),
    /unknown kind "watch.stal"; did you mean "watch.stall"/,
  ],
  ['a step of no kind', text.replace('kind: watch.stall', 'mode2: x'), /the field "kind" is missing/],
  ['a time without unit', text.replace('warmup: 1s', 'warmup: "1"'), /"1" is no duration/],
  [
    'another type',
    text.replace('workers: 2', 'workers: two'),
    /:\d+:\d+: must be number, not "two" \(gateway.workers\)/,
  ],
  [
    'half a worker',
    text.replace('workers: 2', 'workers: 1.5'),
    /:\d+:\d+: scenario watch-silent-death: workers must be a whole number/,
  ],
  ['a key twice', `${text}\nname: again\n`, /:\d+:1: Map keys must be unique/],
  ['no YAML', 'name: [a\nb: : c', /:2:1: /],
  ['nothing', '', /must be object, not null/],
])('%s is refused with its place', async (_case, changed, words) => {
  const file = fileOf('wrong.yaml', changed);
  const mistakes = await loadScenario(file);
  expect(Array.isArray(mistakes) ? mistakes.join('\n') : mistakes).toMatch(words);
});

test.each(['/no/such/scenario.yaml', 'package.toml', 'harness/model/errors.ts'])(
  '%s is refused in one sentence',
  async (file) => {
    expect(await loadScenario(file)).toEqual([expect.stringMatching(new RegExp(`^${file}: .`))]);
  },
);

/** A value somewhere in the scenario, replaced by anything. */
function damaged(value: unknown, where: number, by: unknown): unknown {
  const leaves: (readonly (string | number)[])[] = [];
  const walk = (each: unknown, at: readonly (string | number)[]): void => {
    leaves.push(at);
    if (typeof each === 'object' && each !== null)
      for (const [key, one] of Object.entries(each)) walk(one, [...at, key]);
  };
  walk(value, []);
  const target = leaves[where % leaves.length] ?? [];
  const replace = (each: unknown, [key, ...rest]: readonly (string | number)[]): unknown => {
    if (key === undefined) return by;
    const copy = structuredClone(each) as Record<string | number, unknown>;
    copy[key] = replace(copy[key], rest);
    return copy;
  };
  return replace(value, target);
}

test('whatever is put in the place of a value: a scenario, or a mistake with the path of what is wrong', () => {
  fc.assert(
    fc.property(fc.constantFrom(...catalogue), fc.nat(), fc.anything(), (scenario, where, by) => {
      for (const { path, words } of schemaMistakes(damaged(scenario, where, by))) {
        expect(words).not.toBe('');
        expect(Array.isArray(path)).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});
