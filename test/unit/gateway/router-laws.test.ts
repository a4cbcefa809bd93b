/** The table that followed every change equals one that was read afresh, in any order, and keeps APISIX's rules. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ConfigChange, Route } from '../../../gateway/config/config-objects.ts';
import { type MatchRequest, type Router, createRouter } from '../../../gateway/routing/router.ts';
import { put, remove, request, route } from './route.ts';

// Few words, so that routes meet: the interesting tables are those where several routes match the same request.
const uri = fc.constantFrom(
  '/',
  '/a',
  '/a/b',
  '/a/*',
  '/a/b/*',
  '/*',
  '/:x',
  '/a/:x',
  '/a/:name',
  '/a/*name',
  '/:x/b',
  '/:x/:y',
  '/:x/*',
  '/a/b*',
  '/a/:x/b',
  '/a/:x/:y',
);
const host = fc.constantFrom('h.com', 'a.h.com', '*.h.com', '*h.com', '*.com');
const method = fc.constantFrom('GET', 'POST', 'PUT');
const id = fc.integer({ min: 1, max: 9 }).map(String);

const someRoute: fc.Arbitrary<Route> = fc
  .record({
    id,
    uris: fc.uniqueArray(uri, { minLength: 1, maxLength: 3 }),
    hosts: fc.uniqueArray(host, { maxLength: 2 }),
    methods: fc.uniqueArray(method, { maxLength: 2 }),
    priority: fc.integer({ min: -1, max: 1 }),
    enabled: fc.boolean(),
  })
  .map(({ id: name, ...matching }) => route(name, matching));
const change: fc.Arbitrary<ConfigChange> = fc.oneof({ weight: 3, arbitrary: someRoute.map(put) }, id.map(remove));

const requests = [
  '/',
  '/a',
  '/a/',
  '/a/b',
  '/a/bc',
  '/a/b/',
  '/a/b/c',
  '/a/c/b',
  '/c',
  '/c/b',
  '/c/d/e',
  '//a',
].flatMap((path) =>
  ['h.com', 'A.h.com:80', 'b.h.com', 'x.com', 'localhost'].flatMap((name) =>
    ['GET', 'POST', 'DELETE'].map((verb) => request(verb, name, path)),
  ),
);

function answers(router: Router): readonly (Route | undefined)[] {
  return requests.map((each) => router.match(each)?.route);
}

function tableOf(changes: readonly ConfigChange[]): Router {
  const router = createRouter();
  router.apply(changes);
  return router;
}

/** The last word on each route. */
function surviving(changes: readonly ConfigChange[]): readonly Route[] {
  const routes = new Map<string, Route>();
  for (const each of changes) {
    if (each.kind !== 'route') continue;
    if (each.op === 'put') routes.set(each.id, each.value);
    else routes.delete(each.id);
  }
  return [...routes.values()];
}

test('following changes equals reading afresh', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      expect(answers(tableOf(changes))).toEqual(answers(tableOf(surviving(changes).map(put))));
    }),
    { numRuns: 300 },
  );
});

test('the order of insertion does not matter', () => {
  const tables = fc.uniqueArray(someRoute, { selector: (each) => each.id, maxLength: 9 });
  const shuffled = tables.chain((routes) =>
    fc.tuple(fc.constant(routes), fc.shuffledSubarray(routes, { minLength: routes.length })),
  );
  fc.assert(
    fc.property(shuffled, ([routes, others]) => {
      expect(answers(tableOf(routes.map(put)))).toEqual(answers(tableOf(others.map(put))));
    }),
    { numRuns: 300 },
  );
});

/** More than any beginning is long. */
const exactly = 1_000;

/** How well a host fits, from the first to the last: by name, by the longer wildcard, by none being asked for. */
function hostRank(wanted: string, name: string): number | undefined {
  if (wanted === '') return 0;
  if (!wanted.startsWith('*')) return wanted === name ? exactly : undefined;
  return name.endsWith(wanted.slice(1)) ? wanted.length : undefined;
}

/** How well a path fits: as it stands, or by the length of what comes before its first parameter or star. */
function pathRank(wanted: string, path: string): number | undefined {
  const [beginning = ''] = /^[^:*]*/.exec(wanted) ?? [];
  if (beginning === wanted) return wanted === path ? exactly : undefined;
  const pattern = wanted.replaceAll(/:[^/]+/g, '[^/]+').replace(/\*[^/]*$/, '.*');
  return new RegExp(`^${pattern}$`).test(path) ? beginning.length : undefined;
}

/** The same choice without a tree: all that fits, sorted by host, path, priority, length as written, and id. */
function chosen(routes: readonly Route[], { method: verb, host: named, path: raw }: MatchRequest): Route | undefined {
  const [name, path] = [named.replace(/:\d+$/, '').toLowerCase(), raw.replaceAll(/\/+/g, '/')];
  const fitting = routes.filter(({ enabled, methods }) => enabled && (methods.length === 0 || methods.includes(verb)));
  const placed = fitting.flatMap((each) =>
    (each.hosts.length === 0 ? [''] : each.hosts).flatMap((wanted) =>
      each.uris.map((own) => ({
        each,
        ranks: [hostRank(wanted, name), pathRank(own, path), each.priority, own.length],
      })),
    ),
  );
  const matching = placed.filter(({ ranks }) => !ranks.includes(undefined));
  const [first] = matching.toSorted((a, b) => byRanks(a.ranks, b.ranks) || (a.each.id < b.each.id ? -1 : 1));
  return first?.each;
}

/** The larger first, the first that differs. */
function byRanks(a: readonly (number | undefined)[], b: readonly (number | undefined)[]): number {
  return a.map((rank, index) => (b[index] ?? 0) - (rank ?? 0)).find((difference) => difference !== 0) ?? 0;
}

test('the route is the one that a search of the whole table finds by the rules', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const left = surviving(changes);
      expect(answers(tableOf(changes))).toEqual(requests.map((each) => chosen(left, each)));
    }),
    { numRuns: 300 },
  );
});

test('a table emptied again matches nothing', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 40 }), (changes) => {
      const router = tableOf([...changes, ...changes.map((each) => remove(each.id))]);
      expect(answers(router)).toEqual(requests.map(() => undefined));
    }),
    { numRuns: 100 },
  );
});

test('a large table that shrank to a tenth answers like a fresh one', () => {
  const uris = Array.from({ length: 3_000 }, (_, n) => `/${['api', 'é', ':x', 'static'][n % 4]}/team${n % 97}/${n}/*`);
  const routes = uris.map((path, n) => route(String(n), { uris: [path], priority: n % 3 }));
  const left = routes.filter((_, n) => n % 10 === 0);
  const router = tableOf([
    ...routes.map(put),
    ...routes.filter((_, n) => n % 10 !== 0).map(({ id: name }) => remove(name)),
  ]);
  const fresh = tableOf(left.map(put));
  const found = (table: Router): readonly (string | undefined)[] =>
    uris.map((path) => {
      const asked = request('GET', 'h.com', path.replace(':x', 'any').replace('*', 'page'));
      return table.match(asked)?.route.id;
    });
  expect(found(router)).toEqual(found(fresh));
  expect(found(router).filter((each) => each !== undefined)).toHaveLength(left.length);
});

test('paths that nest 4,096 deep, and in them as many parameters, are matched and taken out again', () => {
  const nested = Array.from({ length: 4_096 }, (_, n) => route(`l${n}`, { uris: [`/${'a'.repeat(n)}*`] }));
  const parameters = Array.from({ length: 500 }, (_, n) => route(`p${n}`, { uris: [`${'/:x'.repeat(n + 1)}/b`] }));
  const router = tableOf([...nested, ...parameters].map(put));
  const matched = (path: string): string | undefined => router.match(request('GET', 'h.com', path))?.route.id;
  expect(matched(`/${'a'.repeat(5_000)}`)).toBe('l4095');
  expect(matched(`${'/c'.repeat(500)}/b`)).toBe('p499');
  router.apply([...nested, ...parameters].map(({ id: name }) => remove(name)));
  expect(matched('/a')).toBeUndefined();
});
