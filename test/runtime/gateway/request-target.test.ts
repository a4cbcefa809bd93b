/** What stands on the request line besides a path (RFC 9112 §3.2). */
import { expect, test } from 'vitest';
import { exchangeRaw, startServer } from '../../support/http.ts';
import { startProxy } from '../../support/proxy.ts';

/** Two hosts with one route each; the upstream tells what it saw. */
async function answerTo(line: string, host: string): Promise<string> {
  await using upstream = await startServer(({ url, headers }, response) => response.end(`${headers.host} ${url}`));
  await using proxy = await startProxy([upstream.node], { route: { uri: '/*', host: 'named.example.com' } });
  await proxy.put('routes/other', { uri: '/*', host: 'other.com', plugins: { mocking: { response_example: '' } } });
  return await exchangeRaw(proxy.port, `${line} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
}

test.each([
  ['a path', 'GET /a?b=c', 'named.example.com', 'named.example.com /a?b=c'],
  ['a whole URL', 'GET http://named.example.com/a?b=c', 'named.example.com', 'named.example.com /a?b=c'],
  ['a whole URL, whatever Host says', 'GET http://named.example.com/a', 'other.com', 'named.example.com /a'],
  ['a whole URL with a port', 'GET http://named.example.com:81/a', 'x', 'named.example.com:81 /a'],
  ['a whole URL with a user, who is not told', 'GET http://me:you@named.example.com/a', 'x', 'named.example.com /a'],
  ['a whole URL in upper case', 'GET HTTP://NAMED.example.com/a', 'x', 'NAMED.example.com /a'],
  ['a whole URL of https', 'GET https://named.example.com/a', 'x', 'named.example.com /a'],
  ['a whole URL without a path', 'GET http://named.example.com', 'x', 'named.example.com /'],
  ['a whole URL with a query alone', 'GET http://named.example.com?b=c', 'x', 'named.example.com /?b=c'],
])('%s', async (_what, line, host, seen) => {
  const answer = await answerTo(line, host);
  expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  expect(answer.split(/\r?\n/)).toContain(seen);
});

test.each(['OPTIONS *', 'GET ftp://named.example.com/a', 'GET http://unknown.example.com/a'])(
  '%s fits no route: 404',
  async (line) => {
    expect(await answerTo(line, 'named.example.com')).toMatch(/^HTTP\/1\.1 404 /);
  },
);
