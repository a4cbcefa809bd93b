/** Which of some routes a request belongs to. */
import { expect, test } from 'vitest';
import type { Route } from '../../../gateway/config/config-objects.ts';
import { createRouter } from '../../../gateway/routing/router.ts';
import { put, request, route } from './route.ts';

type Routes = Readonly<Record<string, Partial<Route>>>;

function winner(routes: Routes, path: string, host = 'a.example.com', method = 'GET'): string | undefined {
  const router = createRouter();
  router.apply(Object.entries(routes).map(([id, matching]) => put(route(id, matching))));
  return router.match(request(method, host, path))?.route.id;
}

const prefix: Routes = { p: { uris: ['/p/*'] } };
const parameter: Routes = { p: { uris: ['/users/:id/posts'] } };
const nested: Routes = { short: { uris: ['/a/*'] }, long: { uris: ['/a/b/*'] }, exact: { uris: ['/a/b/c'] } };
const partial: Routes = { v: { uris: ['/api/v*'] }, v1: { uris: ['/api/v1*'] } };
const slash: Routes = { s: { uris: ['/a/b'] } };
const deep = `/${Array.from({ length: 40 }, (_, index) => `s${index}`).join('/')}`;

test.each<[string, Routes, string, string | undefined]>([
  ['a prefix takes what follows its slash', prefix, '/p/x/y', 'p'],
  ['a prefix takes its own slash', prefix, '/p/', 'p'],
  ['a prefix does not take the path without the slash', prefix, '/p', undefined],
  ['a prefix does not take a longer word', prefix, '/pp/', undefined],
  ['the root prefix takes everything', { r: { uris: ['/*'] } }, '/anything', 'r'],
  ['the root prefix takes the root', { r: { uris: ['/*'] } }, '/', 'r'],
  ['a parameter takes one segment', parameter, '/users/7/posts', 'p'],
  ['a parameter takes no two segments', parameter, '/users/7/8/posts', undefined],
  ['a parameter takes no empty segment', parameter, '/users//posts', undefined],
  ['a parameter at the end takes no slash', { p: { uris: ['/users/:id'] } }, '/users/7/', undefined],
  ['a prefix behind a parameter', { p: { uris: ['/users/:id/*'] } }, '/users/7/x/y', 'p'],
  ['two parameters', { p: { uris: ['/:team/:name'] } }, '/blue/42', 'p'],
  ['the exact path wins over prefixes', nested, '/a/b/c', 'exact'],
  ['the longer prefix wins', nested, '/a/b/d', 'long'],
  ['the shorter prefix takes the rest', nested, '/a/c', 'short'],
  ['a prefix may end inside a segment', partial, '/api/v2', 'v'],
  ['the longer beginning of a segment wins', partial, '/api/v10/x', 'v1'],
  ['a literal wins over a parameter', { p: { uris: ['/u/:id'] }, l: { uris: ['/u/me'] } }, '/u/me', 'l'],
  ['a parameter wins over a prefix', { p: { uris: ['/u/:id'] }, x: { uris: ['/u/*'] } }, '/u/me', 'p'],
  ['an encoded slash is a slash, as in nginx', slash, '/a%2Fb', 's'],
  ['other escapes are decoded too', slash, '/%61/b', 's'],
  ['repeated slashes are one', slash, '//a///b', 's'],
  ['dots are resolved', slash, '/x/../a/./b', 's'],
  ['nothing is above the root', slash, '/../a/b', undefined],
  ['a bad escape matches nothing', { r: { uris: ['/*'] } }, '/%zz', undefined],
  ['a name that begins with a dot is a name', { w: { uris: ['/.well-known/*'] } }, '/.well-known/acme', 'w'],
  ['a disabled route is not there', { d: { enabled: false } }, '/', undefined],
  ['a run of more than 32 segments', { d: { uris: [`${deep}/*`] }, r: { uris: ['/*'] } }, `${deep}/x`, 'd'],
])('%s', (_name, routes, path, expected) => {
  expect(winner(routes, path)).toBe(expected);
});

const hosts: Routes = {
  exact: { hosts: ['a.example.com'] },
  wild: { hosts: ['*.example.com'] },
  wilder: { hosts: ['*.com'] },
  any: {},
};

test.each<[string, Routes, string, string | undefined]>([
  ['an exact host wins over wildcards', hosts, 'a.example.com', 'exact'],
  ['a longer wildcard wins over a shorter one', hosts, 'b.example.com', 'wild'],
  ['a wildcard takes several labels', hosts, 'c.b.example.com', 'wild'],
  ['a wildcard does not take the bare domain', hosts, 'example.com', 'wilder'],
  ['any wildcard wins over no host', hosts, 'b.com', 'wilder'],
  ['no host takes the rest', hosts, 'localhost', 'any'],
  ['upper case is lower case', hosts, 'A.Example.COM', 'exact'],
  ['the port does not count', hosts, 'a.example.com:9080', 'exact'],
  ['an IPv6 literal keeps its brackets', { six: { hosts: ['[::1]'] } }, '[::1]:9080', 'six'],
  ['no Host header at all', hosts, '', 'any'],
  ['a host without the path leaves it to others', { h: { hosts: ['b.com'], uris: ['/x'] }, any: {} }, 'b.com', 'any'],
  ['priority wins over the host', { ...hosts, first: { priority: 1 } }, 'a.example.com', 'first'],
])('%s', (_name, routes, host, expected) => {
  expect(winner(routes, '/', host)).toBe(expected);
});

const methods: Routes = { get: { methods: ['GET', 'HEAD'] }, post: { methods: ['POST'], priority: 5 } };

test.each<[string, Routes, string, string | undefined]>([
  ['a method of the route', methods, 'GET', 'get'],
  ['another method of the route', methods, 'HEAD', 'get'],
  ['a route of higher priority but another method', methods, 'POST', 'post'],
  ['a method of no route', methods, 'DELETE', undefined],
  ['a route without methods takes unusual ones', { all: {} }, 'PROPFIND', 'all'],
  ['at a tie the smaller id wins', { b: {}, a: {} }, 'GET', 'a'],
])('%s', (_name, routes, method, expected) => {
  expect(winner(routes, '/', 'a.example.com', method)).toBe(expected);
});

test('priority wins over the length of the path', () => {
  expect(winner({ low: { uris: ['/a/b'] }, high: { uris: ['/a/*'], priority: 1 } }, '/a/b')).toBe('high');
});
