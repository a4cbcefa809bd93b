/** The Admin API: APISIX's addresses under `/apisix/admin/`, and `block` for one-click blocking. */
import { hash, timingSafeEqual } from 'node:crypto';
import { type FastifyInstance, type FastifyReply, type FastifyRequest, fastify } from 'fastify';
import type { Logger } from 'pino';
import { plugins } from '../plugins/index.ts';
import type { Settings } from '../settings.ts';
import { AdminError } from './admin-error.ts';
import { blockApi } from './block.ts';
import { type ListFilter, Objects, type Reply } from './objects.ts';
import { connectStorage } from './stored.ts';

/** A value that etcd would refuse for its size is refused here. Bytes. */
const bodyLimit = 1_048_576;

/** Listens when it resolves; rejects when the address is taken. */
export async function serveAdmin(
  settings: Settings,
  admin: NonNullable<Settings['admin']>,
  log: Logger,
): Promise<FastifyInstance> {
  const storage = connectStorage(settings.etcd);
  const objects = new Objects(settings.prefix, storage, settings.keyring);
  const server = fastify({ bodyLimit, routerOptions: { ignoreTrailingSlash: true } });
  server.removeAllContentTypeParsers();
  server.addContentTypeParser<string>('*', { parseAs: 'string' }, parsedBody);
  server.addHook('onRequest', async (request) => authorize(request, admin.key));
  server.addHook('onClose', async () => storage.close());
  server.setErrorHandler((error, request, reply) => fail(error, request, reply, log));
  server.setNotFoundHandler(async (request, reply) =>
    reply.code(404).send({ error_msg: `not found: ${request.url.split('?')[0]}` }),
  );
  server.get('/apisix/admin/plugins/list', async () => plugins.map(({ name }) => name));
  addBlocks(server, objects);
  addObjects(server, objects);
  await server.listen(admin.address);
  return server;
}

/** Whatever it calls itself, a body is JSON: `curl -d` says that it is a form, as in APISIX's own examples. */
async function parsedBody(_request: FastifyRequest, body: string): Promise<unknown> {
  if (body.trim() === '') return undefined;
  try {
    return JSON.parse(body) as unknown;
  } catch {
    throw new AdminError(400, 'invalid request body: it is no JSON');
  }
}

/** Compared by digests of one length, in a time that says nothing about how much of the key was right. */
function authorize({ headers, query }: FastifyRequest, key: string): void {
  const given = headers['x-api-key'] ?? (query as { readonly api_key?: unknown }).api_key;
  if (typeof given === 'string' && timingSafeEqual(digest(given), digest(key))) return;
  throw new AdminError(401, 'failed to check token');
}

function digest(text: string): Buffer {
  return hash('sha256', text, 'buffer');
}

function fail(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): FastifyReply {
  if (error instanceof AdminError) return reply.code(error.status).send(error.body);
  const { message, statusCode } = error as Error & { readonly statusCode?: number };
  // Fastify's own refusals: no JSON, too large.
  if (statusCode !== undefined && statusCode < 500) return reply.code(statusCode).send({ error_msg: message });
  log.error(
    { method: request.method, path: request.url.split('?')[0], error: message },
    'the Admin API could not serve',
  );
  // After a time-out nobody knows whether etcd has committed: never a success.
  return reply.code(503).send({ error_msg: `etcd did not confirm: ${message}; read the object before trying again` });
}

interface ObjectAddress {
  readonly Params: { readonly folder: string; readonly id: string; readonly '*': string };
  readonly Querystring: Readonly<Record<string, string>>;
}

type ObjectRequest = FastifyRequest<ObjectAddress>;

function addObjects(server: FastifyInstance, objects: Objects): void {
  const add = (method: string, url: string, handle: (request: ObjectRequest) => Promise<Reply>): void => {
    server.route<ObjectAddress>({
      method,
      url: `/apisix/admin/${url}`,
      handler: async (request, reply) => answer(reply, await handle(request)),
    });
  };
  add('GET', ':folder', ({ params, query }) => objects.list(params.folder, filterOf(query)));
  add('POST', ':folder', ({ params, body, query }) => objects.create(params.folder, body, ttlOf(query['ttl'])));
  add('PUT', ':folder', ({ params, body, query }) => objects.put(params.folder, undefined, body, ttlOf(query['ttl'])));
  add('GET', ':folder/:id', ({ params }) => objects.get(params.folder, params.id));
  add('PUT', ':folder/:id', ({ params, body, query }) =>
    objects.put(params.folder, params.id, body, ttlOf(query['ttl'])),
  );
  add('PATCH', ':folder/:id', ({ params, body, query }) =>
    objects.patch(params.folder, params.id, [], body, ttlOf(query['ttl'])),
  );
  add('PATCH', ':folder/:id/*', ({ params, body, query }) =>
    objects.patch(params.folder, params.id, params['*'].split('/'), body, ttlOf(query['ttl'])),
  );
  add('DELETE', ':folder/:id', ({ params, query }) =>
    objects.delete(params.folder, params.id, query['force'] === 'true'),
  );
}

function addBlocks(server: FastifyInstance, objects: Objects): void {
  const blocks = blockApi(objects);
  server.post('/apisix/admin/block', async ({ body }, reply) => {
    const { ttl, ...wish } = (body ?? {}) as Readonly<Record<string, unknown>>;
    return answer(reply, await blocks.block(wish, ttlOf(ttl)));
  });
  server.delete('/apisix/admin/block', async ({ body }, reply) => answer(reply, await blocks.lift(body)));
  server.get('/apisix/admin/block', async (_request, reply) => answer(reply, await objects.list('blocks', {})));
}

function answer(reply: FastifyReply, { status, body }: Reply): FastifyReply {
  return reply.code(status).send(body);
}

/** Seconds. */
function ttlOf(given: unknown): number | undefined {
  if (given === undefined) return undefined;
  const seconds = Number(given);
  if (Number.isInteger(seconds) && seconds > 0) return seconds;
  throw new AdminError(400, `ttl must be a whole number of seconds above 0, not ${JSON.stringify(given)}`);
}

function filterOf({ name, label, uri, page, page_size: size }: Readonly<Record<string, string>>): ListFilter {
  const at = page === undefined ? undefined : whole('page', page, 1, Number.MAX_SAFE_INTEGER);
  const each = size === undefined ? undefined : whole('page_size', size, 10, 500);
  return {
    ...(name === undefined ? {} : { name }),
    ...(label === undefined ? {} : { label }),
    ...(uri === undefined ? {} : { uri }),
    ...(at === undefined ? {} : { page: at }),
    ...(each === undefined ? {} : { pageSize: each }),
  };
}

function whole(what: string, given: string, least: number, most: number): number {
  const number = Number(given);
  if (Number.isInteger(number) && number >= least && number <= most) return number;
  throw new AdminError(400, `${what} must be a whole number from ${least} to ${most}, not "${given}"`);
}
