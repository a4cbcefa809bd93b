/** The path that the upstream sees. */
import { expect, test } from 'vitest';
import { exchangeRaw, startServer } from '../../support/http.ts';
import { startProxy } from '../../support/proxy.ts';

async function seen(path: string, rewrite?: object): Promise<string | undefined> {
  await using upstream = await startServer((request, response) => response.end(request.url));
  await using proxy = await startProxy(
    [upstream.node],
    rewrite === undefined ? {} : { plugins: { 'proxy-rewrite': rewrite } },
  );
  const text = await exchangeRaw(proxy.port, `GET ${path} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n`);
  return text
    .split('\r\n\r\n')[1]
    ?.split('\r\n')
    .find((line) => line.startsWith('/'));
}

const regex = { regex_uri: ['^/old/(\\w+)/(.*)', '/new/$2/$1'] };

test.each<[string, string, object | undefined, string]>([
  ['passes byte for byte', '/a%2Fb//c/../d;x?q=%20&r=a+b', undefined, '/a%2Fb//c/../d;x?q=%20&r=a+b'],
  // traefik/traefik#12360: refused in a patch release. apache/apisix#13626: decoded on the way.
  ...['%2F', '%2f', '%5C', '%00', '%3B', '%25', '%3F', '%23', '%20', '%0A', '%C3%BC'].map(
    (escape): [string, string, undefined, string] => [
      `passes ${escape} as it is`,
      `/a${escape}b?c=${escape}`,
      undefined,
      `/a${escape}b?c=${escape}`,
    ],
  ),
  ['passes an empty query', '/a?', undefined, '/a?'],
  ['uri replaces the path', '/a/b', { uri: '/seq/17' }, '/seq/17'],
  ['uri keeps the query', '/a/b?x=1', { uri: '/seq/17' }, '/seq/17?x=1'],
  ['uri with a query of its own', '/a?x=1', { uri: '/s?y=2' }, '/s?y=2&x=1'],
  ['regex_uri moves parts', '/old/x/y/z?q=1', regex, '/new/y/z/x?q=1'],
  ['regex_uri that does not match', '/other?q=1', regex, '/other?q=1'],
  [
    'a regex_uri that leaves the path as it was decides all the same',
    '/a/b',
    { regex_uri: ['^/(x)', '/no', '^/(a)', '/$1', '^/a', '/late'] },
    '/a/b',
  ],
  ['uri wins over regex_uri', '/old/x/y', { uri: '/u', ...regex }, '/u'],
  // Kong/kong#5985: `/v1.0` became `/v1/.0`.
  ['regex_uri strips a prefix and joins no slash', '/api/v1.0', { regex_uri: ['^/api/(.*)', '/$1'] }, '/v1.0'],
  ['regex_uri looks ahead and back', '/x/abab', { regex_uri: ['^/x/(?=a)(ab)\\1$', '/$1'] }, '/ab'],
  ['a rewritten host leaves the path', '/a', { host: 'b' }, '/a'],
  ['regex_uri sees the path decoded', '/%6Fld/x//y?q=1', regex, '/new/y/x?q=1'],
  ['regex_uri encodes again what it moves', '/old/x/a%20b%3Fc%25d', regex, '/new/a%20b%3Fc%25d/x'],
  ['regex_uri with a group in braces', '/o/1', { regex_uri: ['^/o/(\\d)', '/n/${1}0$$'] }, '/n/10$'],
  ['regex_uri with a query of its own', '/o/7?x=1', { regex_uri: ['^/o/(\\d)', '/n?id=$1'] }, '/n?id=7&x=1'],
  ['regex_uri that fits in the middle', '/a/%C3%BC/old/b', { regex_uri: ['/old', '/new'] }, '/a/%C3%BC/new/b'],
  ['uri with the path, encoded again', '/a%20b//c', { uri: '/p$uri' }, '/p/a%20b/c'],
  ['uri with an argument that begins no query', '/a?v=%3Fx%20y', { uri: '/p/$arg_v' }, '/p/%3Fx%20y?v=%3Fx%20y'],
  ['uri with the target as it was written', '/a%20b?x=%20', { uri: '/p$request_uri' }, '/p/a%20b?x=%20&x=%20'],
  [
    'regex_uri of the target as it was written, its query with it',
    '/old/x/a%20b?q=1',
    { ...regex, use_real_request_uri_unsafe: true },
    '/new/a%20b?q=1/x',
  ],
  ['uri in place of all that was written', '/a?q=1', { uri: '/u', use_real_request_uri_unsafe: true }, '/u'],
])('%s', async (_name, path, rewrite, expected) => {
  expect(await seen(path, rewrite)).toBe(expected);
});
