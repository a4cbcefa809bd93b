import { globSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { seamsOf } from '../../../gateway/composition.ts';
import type { ConfigChange } from '../../../gateway/config/config-objects.ts';
import { chosenMutants } from '../../../gateway/mutants/chosen.ts';
import { mutants } from '../../../gateway/mutants/index.ts';
import { routerSortPerInsert } from '../../../gateway/mutants/router/router-sort-per-insert.ts';
import { clean } from '../../../gateway/seams.ts';
import type { Seams } from '../../../gateway/seams.ts';
import { metrics } from '../../../harness/judge/metrics/index.ts';
import { oracles } from '../../../harness/judge/oracles/index.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';
import { put, remove, route } from './route.ts';

/** Without the doses, which are made in one file: the study of the judge shows what they do. */
const written = mutants.filter(({ kind }) => kind !== 'dosed');

const routeAt = (id: string): ConfigChange => put(route(id, { uris: [`/${id}`] }));

test('each variant replaces one seam and leaves the others alone', () => {
  for (const mutant of mutants) {
    const wrapped = mutant.wrap(clean);
    const replaced = (Object.keys(clean) as (keyof Seams)[]).filter((seam) => wrapped[seam] !== clean[seam]);
    expect([mutant.name, replaced.length]).toEqual([mutant.name, 1]);
  }
});

test('names are unique, and each file that holds a variant is in the list', () => {
  expect(new Set(mutants.map(({ name }) => name)).size).toBe(mutants.length);
  const files = globSync('gateway/mutants/*/*.ts').filter((file) => /: Mutant = \{/.test(readFileSync(file, 'utf8')));
  const named = new Set(files.map((file) => file.split('/').at(-1)?.replace('.ts', '')));
  expect(named).toEqual(new Set(written.map(({ name }) => name)));
});

test('each known-bad build names a scenario, and an oracle or metric that this scenario asks for', () => {
  for (const { name, kind, corpus, scenario, subject } of written) {
    if (kind === 'benign') continue;
    expect([name, corpus]).toEqual([name, expect.stringMatching(/^R\d\d$/)]);
    const asked = catalogue
      .find((each) => each.name === scenario)
      ?.expectations.map((one) => (one.kind === 'invariant' ? one.oracle : one.metric));
    expect([name, scenario, asked]).toEqual([name, scenario, expect.arrayContaining([subject])]);
    expect([...Object.keys(oracles), ...Object.keys(metrics)]).toContain(subject);
  }
});

/** The word itself, as a row's test finds it. */
test('each is shown to be what it says, beside the clean build', () => {
  const shown = globSync('test/runtime/{mutants/*,gateway/watch-advance}.test.ts').map((file) =>
    readFileSync(file, 'utf8'),
  );
  const missing = written.filter(
    ({ name }) => !shown.some((text) => text.includes(`'${name}'`)) && !inTitle(name, shown),
  );
  expect(missing.map(({ name }) => name)).toEqual([]);
});

function inTitle(name: string, shown: readonly string[]): boolean {
  return shown.some((text) => new RegExp(`test\\('[^']*\\b${name}\\b`).test(text));
}

test('without a mutant a build is the clean one; with several each has its seam', async () => {
  expect(await seamsOf([])).toBe(clean);
  const both = await seamsOf(['router-sort-per-insert', 'watch-advance-on-timeout']);
  expect(both.createRouter).not.toBe(clean.createRouter);
  expect(both.resumePolicy).not.toBe(clean.resumePolicy);
});

test.each([
  [['router-sort-per-inser'], /did you mean "router-sort-per-insert"/],
  [['router-sort-per-insert=3'], /comes in no doses/],
  [['rare-404='], /needs a number/],
  [['rare-404=much'], /share of the requests/],
])('%s is a mistake that says what would be right', async (words, mistake) => {
  expect((await chosenMutants(words)).mistakes).toEqual([expect.stringMatching(mistake)]);
});

test('a dose reaches its mutant', async () => {
  const { mutants: chosen, mistakes } = await chosenMutants(['rare-404=0.25', 'cpu-tax']);
  expect(mistakes).toEqual([]);
  expect(chosen.map(({ mutant, dose }) => [mutant.name, dose])).toEqual([
    ['rare-404', 0.25],
    ['cpu-tax', undefined],
  ]);
});

test('router-sort-per-insert builds the whole table anew at each change, and matches as the clean one does', () => {
  let inserted = 0;
  const counting: Seams = {
    ...clean,
    createRouter() {
      const router = clean.createRouter();
      const apply = (changes: readonly ConfigChange[]): void => {
        inserted += changes.length;
        router.apply(changes);
      };
      return { ...router, apply };
    },
  };
  const router = routerSortPerInsert.wrap(counting).createRouter();
  router.apply(Array.from({ length: 500 }, (_, i) => routeAt(`r${i}`)));
  inserted = 0;
  router.apply([routeAt('late')]);
  expect(inserted).toBe(501);
  router.apply([remove('r7')]);
  expect(inserted).toBe(501 + 500);
  const match = (path: string): string | undefined =>
    router.match({ method: 'GET', host: 'h', path, variable: () => undefined })?.route.id;
  expect([match('/late'), match('/r8'), match('/r7')]).toEqual(['late', 'r8', undefined]);
});
