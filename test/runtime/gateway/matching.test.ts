/** Which of some routes a request belongs to, asked over HTTP: each route answers with its own id. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Ask, ask, exchangeRaw } from '../../support/http.ts';
import { type TestProxy, startProxy } from '../../support/proxy.ts';

type Routes = Readonly<Record<string, object>>;

let proxy: TestProxy;
beforeAll(async () => void (proxy = await startProxy([], { route: { uri: '/first', status: 0 } })));
afterAll(() => proxy[Symbol.asyncDispose]());

/** These routes alone, in that order. */
async function withRoutes<T>(routes: Routes, then: () => Promise<T>): Promise<T> {
  for (const [id, matching] of Object.entries(routes)) {
    await proxy.put(`routes/${id}`, { uri: '/', plugins: { mocking: { response_example: id } }, ...matching });
  }
  try {
    return await then();
  } finally {
    for (const id of Object.keys(routes)) await proxy.put(`routes/${id}`, undefined);
  }
}

/** The id of the route that answers; undefined for 404. */
async function answering(question: Ask): Promise<string | undefined> {
  const { status, body } = await ask(proxy.port, question);
  if (status === 404) return undefined;
  expect(status).toBe(200);
  return body;
}

function winner(routes: Routes, path: string, host = 'a.example.com', method = 'GET'): Promise<string | undefined> {
  return withRoutes(routes, () => answering({ path, method, headers: { host } }));
}

/** A route for these paths and no other. */
function paths(...uris: readonly string[]): object {
  return { uri: undefined, uris };
}

const prefix: Routes = { p: paths('/p/*') };
const parameter: Routes = { p: paths('/users/:id/posts') };
const nested: Routes = { short: paths('/a/*'), long: paths('/a/b/*'), exact: paths('/a/b/c') };
const partial: Routes = { v: paths('/api/v*'), v1: paths('/api/v1*') };
const named: Routes = { f: paths('/files/*path'), v: paths('/v*ersion') };
const alike: Routes = { p: paths('/u/:id'), x: { ...paths('/u/*'), priority: 1 } };
const slash: Routes = { s: paths('/a/b') };
const deep = `/${Array.from({ length: 40 }, (_, index) => `s${index}`).join('/')}`;

test.each<[string, Routes, string, string | undefined]>([
  ['a prefix takes what follows its slash', prefix, '/p/x/y', 'p'],
  ['a prefix takes its own slash', prefix, '/p/', 'p'],
  ['a prefix takes the query for none of its business', prefix, '/p/?a=/b', 'p'],
  ['a prefix does not take the path without the slash', prefix, '/p', undefined],
  ['a prefix does not take a longer word', prefix, '/pp/', undefined],
  ['an exact path does not take its slash', { e: paths('/e') }, '/e/', undefined],
  ['a path with a slash does not take the one without', { e: paths('/e/') }, '/e', undefined],
  ['the root prefix takes everything', { r: paths('/*') }, '/anything', 'r'],
  ['the root prefix takes the root', { r: paths('/*') }, '/', 'r'],
  ['a parameter takes one segment', parameter, '/users/7/posts', 'p'],
  ['a parameter takes no two segments', parameter, '/users/7/8/posts', undefined],
  ['a parameter takes no empty segment', parameter, '/users//posts', undefined],
  ['a parameter at the end takes no slash', { p: paths('/users/:id') }, '/users/7/', undefined],
  ['a parameter takes a space and a line break', parameter, '/users/a%20b%0Ac/posts', 'p'],
  ['a prefix takes a line break', prefix, '/p/a%0Ab', 'p'],
  ['a prefix behind a parameter', { p: paths('/users/:id/*') }, '/users/7/x/y', 'p'],
  ['two parameters', { p: paths('/:team/:name') }, '/blue/42', 'p'],
  ['a star with a name takes what a star takes', named, '/files/a/b', 'f'],
  ['a star with a name, inside a segment', named, '/v1/x', 'v'],
  ['a star in a parameter is a letter of its name', { p: paths('/u/:id*') }, '/u/1/2', undefined],
  ['the exact path wins over prefixes', nested, '/a/b/c', 'exact'],
  ['the longer prefix wins', nested, '/a/b/d', 'long'],
  ['the shorter prefix takes the rest', nested, '/a/c', 'short'],
  ['a prefix may end inside a segment', partial, '/api/v2', 'v'],
  ['the longer beginning of a segment wins', partial, '/api/v10/x', 'v1'],
  ['a literal wins over a parameter', { p: paths('/u/:id'), l: paths('/u/me') }, '/u/me', 'l'],
  ['a parameter wins over a prefix', { p: paths('/u/:id'), x: paths('/u/*') }, '/u/me', 'p'],
  ['a prefix that begins longer wins over a parameter', { p: paths('/u/:id'), x: paths('/u/m*') }, '/u/me', 'x'],
  ['of two parameters the longer beginning wins', { p: paths('/:a/x/y'), q: paths('/u/:b/:c') }, '/u/x/y', 'q'],
  ['of parameters that begin alike the longer path wins', { a: paths('/:x/:y'), b: paths('/:x/mine') }, '/u/mine', 'b'],
  ['priority decides between equal paths', { a: paths('/e'), b: { ...paths('/e'), priority: 1 } }, '/e', 'b'],
  ['priority decides between equal prefixes', { a: paths('/e*'), b: { ...paths('/e*'), priority: 1 } }, '/e/f', 'b'],
  ['priority decides between a parameter and a prefix that begin alike', alike, '/u/me', 'x'],
  ['the exact path wins over priority', { l: paths('/a/b'), h: { ...paths('/a/*'), priority: 1 } }, '/a/b', 'l'],
  ['the longer prefix wins over priority', { l: paths('/a/b*'), h: { ...paths('/a/*'), priority: 1 } }, '/a/bc', 'l'],
  ['the exact path wins over a parameter of priority', { ...alike, l: paths('/u/me') }, '/u/me', 'l'],
  ['an encoded slash is a slash, as in nginx', slash, '/a%2Fb', 's'],
  ['an encoded slash in lower case is one too', slash, '/a%2fb', 's'],
  ['other escapes are decoded too', slash, '/%61/b', 's'],
  ['what is decoded once is not decoded twice', slash, '/a%252Fb', undefined],
  ['repeated slashes are one', slash, '//a///b', 's'],
  ['a path is matched in its own case', slash, '/A/b', undefined],
  ['dots are resolved', slash, '/x/../a/./b', 's'],
  ['encoded dots are resolved too', slash, '/x/%2e%2e/a/b', 's'],
  ['nothing is above the root', slash, '/../a/b', undefined],
  ['a bad escape matches nothing', { r: paths('/*') }, '/%zz', undefined],
  ['characters that are no escapes match as they are', { r: paths('/a;b=c@d') }, '/a;b=c@d', 'r'],
  ['a name that begins with a dot is a name', { w: paths('/.well-known/*') }, '/.well-known/acme', 'w'],
  ['a disabled route is not there', { d: { status: 0 } }, '/', undefined],
  ['a run of more than 32 segments', { d: paths(`${deep}/*`), r: paths('/*') }, `${deep}/x`, 'd'],
])('%s', async (_name, routes, path, expected) => {
  expect(await winner(routes, path)).toBe(expected);
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
  ['a wildcard without a dot takes what follows its star', { w: { host: '*example.com' } }, 'example.com', 'w'],
  ['any wildcard wins over no host', hosts, 'b.com', 'wilder'],
  ['no host takes the rest', hosts, 'localhost', 'any'],
  ['upper case is lower case', hosts, 'A.Example.COM', 'exact'],
  ['upper case in the route is lower case', { u: { host: 'B.Com' } }, 'b.com', 'u'],
  ['the port does not count', hosts, 'a.example.com:9080', 'exact'],
  ['an IPv6 literal keeps its brackets', { six: { hosts: ['[::1]'] } }, '[::1]:9080', 'six'],
  ['a host without the path leaves it to others', { h: { host: 'b.com', uri: '/x' }, any: {} }, 'b.com', 'any'],
  ['the host wins over priority', { ...hosts, first: { priority: 1 } }, 'a.example.com', 'exact'],
  ['the host wins over the path', { h: { host: 'b.com', uri: '/*' }, any: {} }, 'b.com', 'h'],
  ['a wildcard wins over priority', { ...hosts, first: { priority: 1 } }, 'b.com', 'wilder'],
])('%s', async (_name, routes, host, expected) => {
  expect(await winner(routes, '/', host)).toBe(expected);
});

test('a client of HTTP/1.0 that names no host gets the route without one', async () => {
  expect(await withRoutes(hosts, () => exchangeRaw(proxy.port, 'GET / HTTP/1.0\r\n\r\n'))).toMatch(/^any$/m);
});

const methods: Routes = { get: { methods: ['GET', 'PUT'] }, post: { methods: ['POST'], priority: 5 } };

test.each<[string, Routes, string, string | undefined]>([
  ['a method of the route', methods, 'GET', 'get'],
  ['another method of the route', methods, 'PUT', 'get'],
  ['a route of higher priority but another method', methods, 'POST', 'post'],
  ['a method of no route', methods, 'DELETE', undefined],
  ['a route without methods takes unusual ones', { all: {} }, 'PROPFIND', 'all'],
])('%s', async (_name, routes, method, expected) => {
  expect(await winner(routes, '/', 'a.example.com', method)).toBe(expected);
});

/** From the one that would win to the one that takes what nobody else does. */
const places: Routes = {
  exact: { uri: '/a/b', host: 'a.example.com' },
  long: { uri: '/a/b*', host: 'a.example.com' },
  parameter: { uri: '/a/:x', host: 'a.example.com', priority: 1 },
  short: { uri: '/a/*', host: 'a.example.com' },
  wild: { uri: '/*', host: '*.example.com' },
  wilder: { uri: '/a/b', host: '*.com', priority: 9 },
  any: { uri: '/a/b' },
};

test.each<[string, object]>([
  ['methods', { methods: ['POST'] }],
  ['vars', { vars: [['arg_x', '==', '1']] }],
  ['remote_addr', { remote_addr: '10.0.0.1' }],
])('a route that does not fit by its %s leaves the request to shorter paths, then other hosts', async (_by, unfit) => {
  const ids = Object.keys(places);
  for (const [tried, id] of ids.entries()) {
    const routes = Object.fromEntries(
      Object.entries(places).map(([each, place]) => [each, ids.indexOf(each) < tried ? { ...place, ...unfit } : place]),
    );
    expect(await winner(routes, '/a/b')).toBe(id);
  }
});

test.each([['a b c'], ['a c b'], ['b a c'], ['b c a'], ['c a b'], ['c b a']])(
  'at a tie the smaller id wins, written in the order %s, also after it is written again',
  async (order) => {
    await withRoutes(Object.fromEntries(order.split(' ').map((id) => [id, {}])), async () => {
      expect(await answering({})).toBe('a');
      await proxy.put('routes/a', { uri: '/', plugins: { mocking: { response_example: 'a again' } } });
      expect(await answering({})).toBe('a again');
    });
  },
);

const address: Ask = { path: '/?n=7&word=Blue&none=', headers: { 'x-user': 'ann', cookie: 'session=s1' } };

test.each<[string, readonly unknown[], boolean]>([
  ['==', [['arg_word', '==', 'Blue']], true],
  ['== of another case', [['arg_word', '==', 'blue']], false],
  ['== a number', [['arg_n', '==', 7]], true],
  ['== of what is not there', [['arg_gone', '==', 'x']], false],
  ['~=', [['arg_word', '~=', 'Red']], true],
  ['>', [['arg_n', '>', 6]], true],
  ['> by number and not by letter', [['arg_n', '>', 10]], false],
  ['>=', [['arg_n', '>=', 7]], true],
  ['<', [['arg_n', '<', 7]], false],
  ['<=', [['arg_n', '<=', 7]], true],
  ['~~', [['http_x_user', '~~', '^an']], true],
  ['~~ of another case', [['http_x_user', '~~', '^AN']], false],
  ['~*', [['http_x_user', '~*', '^AN']], true],
  ['in', [['cookie_session', 'in', ['s0', 's1']]], true],
  ['has, which is for lists, and no variable is one', [['arg_word', 'has', 'Blue']], false],
  ['ipmatch', [['remote_addr', 'ipmatch', ['10.0.0.0/8', '127.0.0.0/8']]], true],
  ['ipmatch of another network', [['remote_addr', 'ipmatch', ['10.0.0.0/8']]], false],
  ['! before any operator', [['arg_word', '!', 'in', ['Red', 'Green']]], true],
  [
    'all of several',
    [
      ['arg_n', '==', 7],
      ['arg_word', '==', 'Red'],
    ],
    false,
  ],
  ['OR', ['OR', ['arg_n', '==', 8], ['arg_word', '==', 'Blue']], true],
  ['!OR', ['!OR', ['arg_n', '==', 8], ['arg_word', '==', 'Red']], true],
  ['!AND', ['!AND', ['arg_n', '==', 7], ['arg_word', '==', 'Blue']], false],
  ['AND in OR', ['OR', ['arg_n', '==', 8], ['AND', ['arg_n', '==', 7], ['request_method', '==', 'GET']]], true],
  [
    'the host and the address',
    [
      ['host', '==', 'h.com'],
      ['uri', '==', '/'],
    ],
    false,
  ],
])('vars: %s', async (_name, vars, matches) => {
  expect(await withRoutes({ v: { vars } }, () => answering(address))).toBe(matches ? 'v' : undefined);
});

test.each<[string, object, boolean]>([
  ['an address', { remote_addr: '127.0.0.1' }, true],
  ['a network', { remote_addr: '127.0.0.0/8' }, true],
  ['one of several', { remote_addrs: ['10.0.0.1', '::1', '127.0.0.1'] }, true],
  ['another', { remote_addr: '127.0.0.2' }, false],
])('remote_addr: %s', async (_name, matching, matches) => {
  expect(await withRoutes({ r: matching }, () => answering({}))).toBe(matches ? 'r' : undefined);
});

test.each(['a', '7', 'r.1-x_y', '-', '.', 'UPPER', 'x'.repeat(64), '00000000000000000123', '__proto__', 'constructor'])(
  'the id %s: written, changed and deleted as any other',
  async (id) => {
    await withRoutes({ [id]: {} }, async () => {
      expect(await answering({})).toBe(id);
      await proxy.put(`routes/${id}`, { uri: '/', plugins: { mocking: { response_example: 'changed' } } });
      expect(await answering({})).toBe('changed');
    });
    expect(await answering({})).toBeUndefined();
  },
);
