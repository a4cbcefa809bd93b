/** Bodies flow as they come, no faster than the slower side, and stop when one side goes away. */
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import { setTimeout as wait } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startServer, until } from '../../support/http.ts';
import { startProxy } from '../../support/proxy.ts';

function open(port: number, method: string, headers: Record<string, string> = {}): ReturnType<typeof httpRequest> {
  return httpRequest({ host: '127.0.0.1', port, method, headers, agent: false });
}

/** Who waits here does so on purpose, and on a host that is busy for longer than a gateway usually lets him. Seconds. */
const unhurried = { upstream: { timeout: { connect: 60, send: 60, read: 60 } } };
const piece = Buffer.alloc(65_536, 'x');
/** More than all buffers of four sockets together may take; less than what would be sent without backpressure. */
const bounded = 24 * 1_048_576;
const offered = 96 * 1_048_576;

test('the head of an answer does not wait for its body', async () => {
  let finish = (): void => undefined;
  await using upstream = await startServer((_request, response) => {
    response.flushHeaders();
    finish = () => response.end('late');
  });
  await using proxy = await startProxy([upstream.node], unhurried);
  const request = open(proxy.port, 'GET').end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  finish();
  expect(await text(response)).toBe('late');
});

test('an upload reaches the upstream while it is being sent', async () => {
  let seen = '';
  await using upstream = await startServer((request, response) => {
    request.on('data', (chunk: Buffer) => (seen += chunk.toString())).on('end', () => response.end(seen));
  });
  await using proxy = await startProxy([upstream.node], unhurried);
  const request = open(proxy.port, 'POST', { 'transfer-encoding': 'chunked' });
  request.write('first');
  await until(() => seen === 'first', 'the first piece at the upstream');
  request.end(' last');
  await once(request, 'response');
  expect(seen).toBe('first last');
});

test('a client that does not read holds the upstream back, and gets everything when it does', async () => {
  let written = 0;
  await using upstream = await startServer((_request, response) => {
    const more = (): void => {
      while (written < offered) {
        written += piece.length;
        if (!response.write(piece)) return void response.once('drain', more);
      }
      response.end();
    };
    more();
  });
  await using proxy = await startProxy([upstream.node], unhurried);
  const request = open(proxy.port, 'GET').end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  await settled(() => written);
  expect(written).toBeLessThan(bounded);
  let read = 0;
  for await (const chunk of response) read += (chunk as Buffer).length;
  expect(read).toBe(offered);
});

test('an upstream that does not read holds the client back', async () => {
  let release = (): void => undefined;
  let received = 0;
  await using upstream = await startServer((request, response) => {
    request.pause();
    release = () => {
      request.on('data', (chunk: Buffer) => (received += chunk.length)).on('end', () => response.end('done'));
      request.resume();
    };
  });
  await using proxy = await startProxy([upstream.node], unhurried);
  const request = open(proxy.port, 'POST', { 'content-length': String(offered) });
  let sent = 0;
  const more = (): void => {
    while (sent < offered) {
      sent += piece.length;
      if (!request.write(piece)) return void request.once('drain', more);
    }
    request.end();
  };
  more();
  await settled(() => sent);
  expect(sent).toBeLessThan(bounded);
  release();
  await once(request, 'response');
  expect(received).toBe(offered);
});

test('a client that goes away ends the work of the upstream', async () => {
  let gone = false;
  await using upstream = await startServer((_request, response) => {
    response.write('some');
    response.once('close', () => (gone = true));
  });
  await using proxy = await startProxy([upstream.node], unhurried);
  const request = open(proxy.port, 'GET').end();
  await once(request, 'response');
  request.destroy();
  await until(() => gone, 'the upstream connection closed');
});

test('a client that goes away before the answer, and in the middle of its upload', async () => {
  let [asked, gone] = [0, 0];
  await using upstream = await startServer((request, response) => {
    asked++;
    request.resume();
    response.once('close', () => gone++);
  });
  await using proxy = await startProxy([upstream.node], unhurried);
  const waiting = open(proxy.port, 'GET').end();
  const uploading = open(proxy.port, 'POST', { 'content-length': '1000000' });
  uploading.write('a beginning');
  for (const request of [waiting, uploading]) request.on('error', () => undefined);
  await until(() => asked === 2, 'both requests at the upstream');
  waiting.destroy();
  uploading.destroy();
  await until(() => gone === 2, 'both upstream connections closed');
  expect(await proxy.served()).toEqual({});
});

test('an answer that comes before the end of the upload reaches the client', async () => {
  await using upstream = await startServer((_request, response) => {
    response.writeHead(413, { connection: 'close' }).end('too much');
  });
  await using proxy = await startProxy([upstream.node], unhurried);
  const request = open(proxy.port, 'POST', { 'content-length': String(offered) });
  request.on('error', () => undefined);
  request.write(piece);
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(413);
  request.destroy();
});

test('a client that goes away in the middle of an upload that was refused takes no worker down', async () => {
  await using proxy = await startProxy([], unhurried);
  const workers = new Set<string>();
  for (let round = 0; round < 5; round++) {
    const request = open(proxy.port, 'POST', { 'content-length': String(offered) });
    request.on('error', () => undefined);
    request.write(piece);
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    expect(response.statusCode).toBe(503);
    workers.add(String(response.headers['x-gateway-worker']));
    request.destroy();
  }
  expect(workers.size).toBe(1);
});

test.each([
  ['a short one of known length', { 'content-length': '10' }],
  ['one that streams', { 'transfer-encoding': 'chunked' }],
])('a client that does not go on with its body, %s: 408, and its connection ends', async (_what, headers) => {
  await using upstream = await startServer((request) => void request.resume());
  await using proxy = await startProxy([upstream.node], { ...unhurried, settings: { GATEWAY_BODY_TIMEOUT_MS: '500' } });
  const request = open(proxy.port, 'POST', headers);
  request.on('error', () => undefined);
  request.write('begun');
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect([response.statusCode, response.headers.connection]).toEqual([408, 'close']);
  await once(response.resume(), 'close');
  expect(await proxy.served()).toEqual({ 408: 1 });
});

test('an upload that goes on is not ended, however long it takes', async () => {
  await using upstream = await startServer((request, response) => {
    let taken = 0;
    request.on('data', (chunk: Buffer) => (taken += chunk.length)).on('end', () => response.end(`${taken}`));
  });
  const settings = { GATEWAY_BODY_TIMEOUT_MS: '2000' };
  await using proxy = await startProxy([upstream.node], { ...unhurried, settings });
  const request = open(proxy.port, 'POST', { 'transfer-encoding': 'chunked' });
  for (let sent = 0; sent < 12; sent++) {
    request.write('x');
    await wait(400);
  }
  request.end();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
  expect(await text(response)).toBe('12');
});

test('a client that its upstream holds back is not idle', async () => {
  let release = (): void => undefined;
  await using upstream = await startServer((request, response) => {
    request.pause();
    release = () => void request.resume().once('end', () => response.end('done'));
  });
  await using proxy = await startProxy([upstream.node], { ...unhurried, settings: { GATEWAY_BODY_TIMEOUT_MS: '500' } });
  const request = open(proxy.port, 'POST', { 'transfer-encoding': 'chunked' });
  request.on('error', () => undefined);
  request.end(Buffer.alloc(offered / 4));
  const heldFrom = performance.now();
  await until(() => performance.now() - heldFrom > 2_000, 'it has been held back for longer than it may pause');
  release();
  const [response] = (await once(request, 'response')) as [IncomingMessage];
  expect(response.statusCode).toBe(200);
});

async function text(response: IncomingMessage): Promise<string> {
  let body = '';
  for await (const chunk of response.setEncoding('utf8')) body += chunk as string;
  return body;
}

/** Resolves when the number has not changed for some turns of the event loop and 100 ms. */
async function settled(number: () => number): Promise<void> {
  let [last, since] = [-1, performance.now()];
  while (performance.now() - since < 100) {
    if (number() !== last) [last, since] = [number(), performance.now()];
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
