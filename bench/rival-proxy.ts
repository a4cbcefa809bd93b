/** One of the npm proxies in its usual form, kept-alive connections both ways. Arguments: name, port, upstream port. */
import { Agent, createServer } from 'node:http';

const [name = '', listen, upstream] = process.argv.slice(2);
const target = `http://127.0.0.1:${upstream}`;
const port = Number(listen);
/** Longer than the turns of the others, between which the client's connections rest. */
const options = { keepAliveTimeout: 60_000 };
const agent = new Agent({ keepAlive: true, maxSockets: 128 });

const rivals: Readonly<Record<string, () => Promise<void>>> = {
  'http-proxy-3': async () => {
    const { createProxyServer } = await import('http-proxy-3');
    const proxy = createProxyServer({ target, agent });
    createServer(options, (request, response) => proxy.web(request, response)).listen(port, '127.0.0.1');
  },
  httpxy: async () => {
    const { createProxyServer } = await import('httpxy');
    const proxy = createProxyServer({ target, agent });
    createServer(options, (request, response) => void proxy.web(request, response)).listen(port, '127.0.0.1');
  },
  'fast-proxy': async () => {
    const { default: fastProxy } = await import('fast-proxy');
    const rival = fastProxy({ base: target, undici: { connections: 128, pipelining: 1 } });
    createServer(options, (request, response) => rival.proxy(request, response, request.url ?? '/', {})).listen(
      port,
      '127.0.0.1',
    );
  },
  '@fastify/http-proxy': async () => {
    const { fastify } = await import('fastify');
    const { default: plugin } = await import('@fastify/http-proxy');
    const server = fastify(options);
    await server.register(plugin, { upstream: target, undici: { connections: 128, pipelining: 1 } });
    await server.listen({ port, host: '127.0.0.1' });
  },
};

const start = rivals[name];
if (start === undefined) throw new Error(`unknown proxy "${name}"; known: ${Object.keys(rivals).join(', ')}`);
await start();
