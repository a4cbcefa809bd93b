import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { request } from 'undici';
import { expect, test } from 'vitest';
import { upstreamWorkload } from '../../../harness/upstream/workload.ts';
import { freePort } from '../../support/etcd.ts';

interface Echo extends AsyncDisposable {
  readonly origin: string;
  /** Exit code and what it wrote to stderr, when it has ended. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
  /** What the end of the harness looks like to it. */
  abandon(): void;
}

function startEcho(port: number): Echo {
  const listen = new URL(`http://127.0.0.1:${port}`);
  const { command, args, env } = upstreamWorkload({ listen });
  const child = spawn(command, args, { env: { ...process.env, ...env }, stdio: ['pipe', 'ignore', 'pipe'] });
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  const ended = once(child, 'close').then(([code]) => ({ code: code as number | null, stderr }));
  return {
    origin: listen.origin,
    ended,
    abandon: () => child.stdin.end(),
    async [Symbol.asyncDispose]() {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

async function page(echo: Echo, path: string): Promise<string> {
  const { body } = await request(`${echo.origin}${path}`, { headers: { 'X-Mixed-Case': 'kept' } });
  return body.text();
}

async function answering(echo: Echo): Promise<Echo> {
  await expect.poll(() => page(echo, '/_witness').catch(() => ''), { timeout: 10_000 }).toContain('requests');
  return echo;
}

test('it answers with the path that reached it, and tells how many requests and connections did', async () => {
  await using echo = await answering(startEcho(await freePort()));
  expect(await page(echo, '/seq/17')).toBe('/seq/17');
  expect(await page(echo, '/seq/18?q=1')).toBe('/seq/18?q=1');
  const seen = JSON.parse(await page(echo, '/_witness')) as Record<string, number>;
  // Looking does not count as a request.
  expect(seen['requests']).toBe(2);
  expect(seen['connections']).toBeGreaterThanOrEqual(seen['open'] ?? Infinity);
  expect(seen['open']).toBeGreaterThan(0);
});

test('it shows the last request as it was sent: line, and headers in their order and case', async () => {
  await using echo = await answering(startEcho(await freePort()));
  await page(echo, '/seq/19');
  const last = JSON.parse(await page(echo, '/_witness/last')) as { readonly line: string; readonly headers: string[] };
  expect(last.line).toBe('GET /seq/19 HTTP/1.1');
  expect(last.headers[last.headers.indexOf('X-Mixed-Case') + 1]).toBe('kept');
});

test('an address that is taken is told in one line', async () => {
  const port = await freePort();
  await using first = await answering(startEcho(port));
  await using second = startEcho(port);
  const { code, stderr } = await second.ended;
  expect(code).toBe(3);
  expect(stderr).toMatch(new RegExp(`^cannot listen on ${first.origin}: .*EADDRINUSE.*\\n$`));
});

test('it ends with whoever started it', async () => {
  await using echo = await answering(startEcho(await freePort()));
  echo.abandon();
  expect((await echo.ended).code).toBe(0);
});
