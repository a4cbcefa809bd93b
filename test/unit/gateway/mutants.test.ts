import { expect, test } from 'vitest';
import { seamsOf } from '../../../gateway/composition.ts';
import type { ConfigChange } from '../../../gateway/config/config-objects.ts';
import { mutants } from '../../../gateway/mutants/index.ts';
import { routerSortPerInsert } from '../../../gateway/mutants/router-sort-per-insert.ts';
import { clean } from '../../../gateway/seams.ts';
import type { Seams } from '../../../gateway/seams.ts';
import { put, remove, route } from './route.ts';

const routeAt = (id: string): ConfigChange => put(route(id, { uris: [`/${id}`] }));

test('each variant replaces one seam and leaves the others alone', () => {
  for (const mutant of mutants) {
    const wrapped = mutant.wrap(clean);
    const replaced = (Object.keys(clean) as (keyof Seams)[]).filter((seam) => wrapped[seam] !== clean[seam]);
    expect([mutant.name, replaced.length]).toEqual([mutant.name, 1]);
  }
});

test('without a mutant a build is the clean one; with several each has its seam', () => {
  expect(seamsOf([])).toBe(clean);
  const both = seamsOf(['router-sort-per-insert', 'watch-advance-on-timeout']);
  expect(both.createRouter).not.toBe(clean.createRouter);
  expect(both.resumePolicy).not.toBe(clean.resumePolicy);
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
