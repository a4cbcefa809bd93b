/** Create, read, update and delete the objects of every kind, with APISIX 3.x's ids, status codes and envelope. */
import { BadItem } from '../config/bad-item.ts';
import { kindOfDirectory, kinds } from '../config/kinds/index.ts';
import { check } from '../config/parse.ts';
import { AdminError } from './admin-error.ts';
import { mergePatch, replaceAt } from './merge.ts';
import { requireNamed, requireUnnamed } from './references.ts';
import type { Storage, Stored, Value } from './stored.ts';

export interface Reply {
  readonly status: number;
  readonly body: object;
}

export interface Objects {
  list(folder: string, filter: ListFilter): Promise<Reply>;
  get(folder: string, id: string): Promise<Reply>;
  put(folder: string, id: string | undefined, body: unknown, ttlSeconds?: number): Promise<Reply>;
  create(folder: string, body: unknown, ttlSeconds?: number): Promise<Reply>;
  patch(folder: string, id: string, path: readonly string[], body: unknown): Promise<Reply>;
  delete(folder: string, id: string, force: boolean): Promise<Reply>;
}

export interface ListFilter {
  readonly name?: string;
  readonly label?: string;
  readonly uri?: string;
  readonly page?: number;
  readonly pageSize?: number;
}

/** A patch that meets another write is tried again on what that write left. */
const patchAttempts = 5;
const idPattern = /^[a-zA-Z0-9\-_.]{1,64}$/;

export function createObjects(prefix: string, storage: Storage): Objects {
  const keyOf = (folder: string, id: string): string => `${prefix}/${folder}/${id}`;
  const write = async (
    folder: string,
    id: string,
    body: unknown,
    before: Stored | undefined,
    ttl?: number,
  ): Promise<Value | undefined> => {
    const value = complete(folder, id, body, before?.value);
    await requireNamed(value, prefix, storage);
    const done = await storage.put(keyOf(folder, id), value, before?.modifiedIndex ?? '0', ttl);
    return done ? value : undefined;
  };
  const put = async (folder: string, id: string, body: unknown, ttl?: number): Promise<Reply> => {
    for (let attempt = 0; attempt < patchAttempts; attempt++) {
      const before = await storage.get(keyOf(folder, id));
      const value = await write(folder, id, body, before, ttl);
      if (value !== undefined)
        return { status: before === undefined ? 201 : 200, body: { key: keyOf(folder, id), value } };
    }
    throw busy(folder, id);
  };
  return {
    async list(folder, filter) {
      requireFolder(folder);
      return { status: 200, body: page(await storage.list(`${prefix}/${folder}/`), filter) };
    },
    async get(folder, id) {
      requireFolder(folder);
      return { status: 200, body: await present(storage, keyOf(folder, id)) };
    },
    async put(folder, id, body, ttl) {
      requireFolder(folder);
      return put(folder, id ?? ownId(folder, body), body, ttl);
    },
    async create(folder, body, ttl) {
      requireFolder(folder);
      // APISIX's own way to an id that nobody else has.
      const id = (await storage.freshRevision(`${prefix}/gen_id`)).padStart(20, '0');
      return put(folder, id, body, ttl);
    },
    async patch(folder, id, path, body) {
      requireFolder(folder);
      for (let attempt = 0; attempt < patchAttempts; attempt++) {
        const before = await present(storage, keyOf(folder, id));
        const patched = path.length === 0 ? mergePatch(before.value, body) : replaceAt(before.value, path, body);
        const value = await write(folder, id, patched, before);
        if (value !== undefined) return { status: 200, body: { key: keyOf(folder, id), value } };
      }
      throw busy(folder, id);
    },
    async delete(folder, id, force) {
      requireFolder(folder);
      if (!force) await requireUnnamed(folder, id, prefix, storage);
      if (!(await storage.delete(keyOf(folder, id)))) throw notFound();
      return { status: 200, body: { key: keyOf(folder, id), deleted: '1' } };
    },
  };
}

function requireFolder(folder: string): void {
  if (!kindOfDirectory.has(folder)) throw new AdminError(404, `not found: there is no "${folder}"`);
}

async function present(storage: Storage, key: string): Promise<Stored> {
  const found = await storage.get(key);
  if (found === undefined) throw notFound();
  return found;
}

function notFound(): AdminError {
  return new AdminError(404, 'Key not found');
}

function busy(folder: string, id: string): AdminError {
  return new AdminError(409, `${folder}/${id} is being changed by others; nothing was written`);
}

/** Consumers bear their id inside. */
function ownId(folder: string, body: unknown): string {
  const { id, username } = (body ?? {}) as { readonly id?: unknown; readonly username?: unknown };
  const own = folder === 'consumers' ? username : id;
  if (typeof own === 'string' || typeof own === 'number') return String(own);
  throw new AdminError(400, `missing ${folder === 'consumers' ? 'username' : 'id'}`);
}

/** The value as it will stand in etcd; throws with 400 when the gateways would refuse it. */
function complete(folder: string, id: string, body: unknown, before: Value | undefined): Value {
  if (!idPattern.test(id))
    throw new AdminError(400, `invalid id "${id}": letters, digits, "-", "_" and ".", at most 64`);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AdminError(400, 'the body is no object');
  const now = Math.floor(Date.now() / 1_000);
  const named = folder === 'consumers' ? {} : { id };
  const given = body as Value;
  if (folder !== 'consumers' && given['id'] !== undefined && String(given['id']) !== id) {
    throw new AdminError(400, `wrong id: the body says "${String(given['id'])}", the address "${id}"`);
  }
  const created = before?.['create_time'];
  const value = { ...given, ...named, create_time: typeof created === 'number' ? created : now, update_time: now };
  try {
    const kind = kinds[kindOfDirectory.get(folder) ?? 'route'];
    check(value, kind.schema);
    kind.read(id, value as never);
  } catch (error) {
    if (error instanceof BadItem) throw new AdminError(400, `invalid configuration: ${error.message}`);
    throw error;
  }
  return value;
}

function page(all: readonly Stored[], filter: ListFilter): object {
  const found = all.filter(({ value }) => fits(value, filter));
  const { page: number, pageSize = 10 } = filter;
  const list = number === undefined ? found : found.slice((number - 1) * pageSize, number * pageSize);
  return { total: found.length, list };
}

function fits(value: Value, { name, label, uri }: ListFilter): boolean {
  const text = (field: string): string => JSON.stringify(value[field] ?? '');
  return (
    (name === undefined || text('name').includes(name)) &&
    (label === undefined || text('labels').includes(`"${label}"`)) &&
    (uri === undefined || text('uri').includes(uri) || text('uris').includes(uri))
  );
}
