/** An event stream passes event by event: each arrives before the next is sent, whatever other clients do. */
import { once } from 'node:events';
import { type IncomingMessage, type ServerResponse, request as httpRequest } from 'node:http';
import { expect, test } from 'vitest';
import { startServer, until } from '../../support/http.ts';
import { startProxy } from '../../support/proxy.ts';

/** Keeps what it has read of an event stream. */
async function listen(port: number, path: string): Promise<{ readonly text: () => string; readonly end: () => void }> {
  const request = httpRequest({ host: '127.0.0.1', port, path, agent: false }).end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  let text = '';
  response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  response.on('error', () => undefined);
  return { text: () => text, end: () => request.destroy() };
}

test('each event reaches its client before the next is sent, on several streams at once', async () => {
  const streams = new Map<string, ServerResponse>();
  await using upstream = await startServer((request, response) => {
    response.writeHead(200, { 'content-type': 'text/event-stream' }).flushHeaders();
    streams.set(request.url ?? '', response);
  });
  await using proxy = await startProxy([upstream.node]);
  const paths = ['/a', '/b', '/c'];
  const clients = await Promise.all(paths.map((path) => listen(proxy.port, path)));
  let expected = '';
  for (const event of ['one', 'two', 'three']) {
    expected += `data: ${event}\n\n`;
    for (const path of paths) streams.get(path)?.write(`data: ${event}\n\n`);
    await until(() => clients.every(({ text }) => text() === expected), `the event ${event} at every client`);
  }
  expect(await proxy.served()).toEqual({ 200: 3 });
  for (const { end } of clients) end();
});

test('a stream that nobody reads does not hold another one up', async () => {
  const streams = new Map<string, ServerResponse>();
  await using upstream = await startServer((request, response) => {
    response.flushHeaders();
    streams.set(request.url ?? '', response);
  });
  await using proxy = await startProxy([upstream.node]);
  const stuck = httpRequest({ host: '127.0.0.1', port: proxy.port, path: '/stuck', agent: false }).end();
  await once(stuck, 'response');
  const reader = await listen(proxy.port, '/read');
  const flood = Buffer.alloc(1_048_576, 'x');
  for (let sent = 0; sent < 32; sent++) streams.get('/stuck')?.write(flood);
  await until(() => (streams.get('/stuck')?.writableLength ?? 0) > 0, 'the stuck stream backed up');
  streams.get('/read')?.write('data: free\n\n');
  await until(() => reader.text() === 'data: free\n\n', 'the event of the free stream');
  expect(streams.get('/stuck')?.writableLength).toBeGreaterThan(0);
  stuck.destroy();
  reader.end();
});
