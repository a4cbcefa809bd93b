import { Agent, request } from 'undici';
import { expect, test } from 'vitest';
import { createAuthority } from '../../support/certificate.ts';
import { type TestEcho, spawnEchoUpstream, startEchoUpstream } from '../../support/echo-upstream.ts';

async function page({ echo }: TestEcho, path: string): Promise<string> {
  const { body } = await request(new URL(path, echo.address), { headers: { 'X-Mixed-Case': 'kept' } });
  return body.text();
}

test('it answers with the path that reached it, and tells how many requests and connections did', async () => {
  await using started = await startEchoUpstream();
  expect(await page(started, '/seq/17')).toBe('/seq/17');
  expect(await page(started, '/seq/18?q=1')).toBe('/seq/18?q=1');
  const seen = JSON.parse(await page(started, '/_witness')) as Record<string, number>;
  // Looking does not count as a request.
  expect(seen['requests']).toBe(2);
  expect(seen['connections']).toBeGreaterThanOrEqual(seen['open'] ?? Infinity);
  expect(seen['open']).toBeGreaterThan(0);
});

test('it shows the last request as it was sent: line, and headers in their order and case', async () => {
  await using started = await startEchoUpstream();
  await page(started, '/seq/19');
  const last = JSON.parse(await page(started, '/_witness/last')) as {
    readonly line: string;
    readonly headers: string[];
  };
  expect(last.line).toBe('GET /seq/19 HTTP/1.1');
  expect(last.headers[last.headers.indexOf('X-Mixed-Case') + 1]).toBe('kept');
});

test('on one port it is asked in the clear and over TLS, tells which, and shuts its door to both', async () => {
  using authority = createAuthority();
  const { certFile: cert, keyFile: key } = authority.issue('a.test');
  await using started = await startEchoUpstream({ certificate: { cert, key } });
  const { echo } = started;
  const secured = new URL(`https://${echo.address.host}`);
  const dispatcher = new Agent({ connect: { servername: 'a.test', rejectUnauthorized: false } });
  await using undo = new AsyncDisposableStack();
  undo.defer(() => dispatcher.destroy());
  const scheme = async (address: URL): Promise<string> => {
    const { body } = await request(address, { headers: { 'X-Case': 'scheme' }, dispatcher });
    return body.text();
  };
  // By turns, so that connections that were used before are too.
  for (let turn = 0; turn < 2; turn++)
    expect([await scheme(echo.address), await scheme(secured)]).toEqual(['in the clear\n', 'over TLS for a.test\n']);
  await echo.inject({ kind: 'upstream.refuse' });
  for (const address of [echo.address, secured]) await expect(scheme(address)).rejects.toThrow();
  await echo.heal();
  expect([await scheme(echo.address), await scheme(secured)]).toEqual(['in the clear\n', 'over TLS for a.test\n']);
});

test('an address that is taken is told in one line', async () => {
  await using first = await startEchoUpstream();
  const { origin, port } = first.echo.address;
  await using second = await spawnEchoUpstream({ port: Number(port) });
  const { code, stderr } = await second.ended;
  expect(code).toBe(3);
  expect(stderr).toMatch(new RegExp(`^cannot listen on ${origin}: .*EADDRINUSE.*\\n$`));
});

test('it ends with whoever started it', async () => {
  await using started = await startEchoUpstream();
  started.abandon();
  expect((await started.ended).code).toBe(0);
});

test.each([
  ['odd', { status: 299, head: { 'x-odd': ['\u00e9', ''] }, body: 'odd' }],
  ['cookies', { status: 200, head: { 'set-cookie': ['a=1; Path=/', 'b=2; Secure'] }, body: 'sweet' }],
  ['encoded', { status: 200, head: { 'content-encoding': 'gzip' } }],
  ['large', { status: 200, head: {}, length: 100_000 }],
  ['trailers', { status: 200, head: { trailer: 'X-Trailer' }, body: 'before the trailer' }],
  ['late', { status: 200, head: {}, body: 'late\n' }],
])('asked for %s it answers so', async (wanted, { status, head, body, length }: Wanted) => {
  await using started = await startEchoUpstream();
  const answer = await request(started.echo.address, { headers: { 'X-Case': wanted } });
  expect(answer.statusCode).toBe(status);
  expect(answer.headers).toMatchObject(head);
  const text = await answer.body.text();
  if (body !== undefined) expect(text).toBe(body);
  if (length !== undefined) expect(text).toHaveLength(length);
});

interface Wanted {
  readonly status: number;
  readonly head: Readonly<Record<string, string | readonly string[]>>;
  readonly body?: string;
  readonly length?: number;
}

test('it tells how much came of a body, and whether it is the same', async () => {
  await using started = await startEchoUpstream();
  const told = async (body: string): Promise<string> => {
    const answer = await request(started.echo.address, { method: 'POST', headers: { 'X-Case': 'size' }, body });
    return answer.body.text();
  };
  expect(await told('hello')).toMatch(/^5 bytes, [0-9a-f]{16}\n$/);
  expect(await told('hello')).toBe(await told('hello'));
  expect(await told('hello')).not.toBe(await told('hallo'));
});
