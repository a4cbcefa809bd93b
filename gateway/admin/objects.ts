/** Create, read, update and delete the objects of every kind, with APISIX 3.x's ids, status codes and envelope. */
import { BadItem } from '../config/bad-item.ts';
import type { Keyring } from '../config/keyring.ts';
import { kindOfDirectory } from '../config/kinds/index.ts';
import { readObject } from '../config/read-object.ts';
import { AdminError, KeyNotFound } from './admin-error.ts';
import { mergePatch, replaceAt } from './merge.ts';
import { requireNamed, requireUnnamed } from './references.ts';
import type { Storage, Stored, Value } from './stored.ts';

export interface Reply {
  readonly status: number;
  readonly body: object;
}

export interface ListFilter {
  readonly name?: string;
  readonly label?: string;
  readonly uri?: string;
  readonly page?: number;
  readonly pageSize?: number;
}

/** A change that meets another is tried again on what that one left. */
const attempts = 5;
const idPattern = /^[a-zA-Z0-9\-_.]{1,64}$/;

export class Objects {
  readonly #prefix: string;
  readonly #storage: Storage;
  readonly #keyring: Keyring;

  constructor(prefix: string, storage: Storage, keyring: Keyring) {
    this.#prefix = prefix;
    this.#storage = storage;
    this.#keyring = keyring;
  }

  async list(folder: string, filter: ListFilter): Promise<Reply> {
    requireFolder(folder);
    return { status: 200, body: page(await this.#storage.list(this.#key(folder, '')), filter) };
  }

  async get(folder: string, id: string): Promise<Reply> {
    requireFolder(folder);
    return { status: 200, body: shown(await this.#present(folder, id)) };
  }

  /** Creates or replaces. Without an id it is taken from the body. */
  async put(folder: string, id: string | undefined, body: unknown, ttlSeconds?: number): Promise<Reply> {
    requireFolder(folder);
    const own = id ?? ownId(folder, body);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await this.#storage.get(this.#key(folder, own));
      const value = await this.#write(folder, own, body, before, ttlSeconds);
      if (value !== undefined) return this.#written(before === undefined ? 201 : 200, folder, own, value);
    }
    throw busy(folder, own);
  }

  /** Creates under an id that nobody else has, found as APISIX finds it. */
  async create(folder: string, body: unknown, ttlSeconds?: number): Promise<Reply> {
    requireFolder(folder);
    const revision = await this.#storage.freshRevision(`${this.#prefix}/gen_id`);
    return this.put(folder, revision.padStart(20, '0'), body, ttlSeconds);
  }

  /** A merge patch of the whole, or, with a path, a value for that place. Without a ttl it stays, also if it had one. */
  async patch(folder: string, id: string, path: readonly string[], body: unknown, ttlSeconds?: number): Promise<Reply> {
    requireFolder(folder);
    for (let attempt = 0; attempt < attempts; attempt++) {
      const before = await this.#present(folder, id);
      const patched = path.length === 0 ? mergePatch(before.value, body) : replaceAt(before.value, path, body);
      const value = await this.#write(folder, id, patched, before, ttlSeconds);
      if (value !== undefined) return this.#written(200, folder, id, value);
    }
    throw busy(folder, id);
  }

  async delete(folder: string, id: string, force: boolean): Promise<Reply> {
    requireFolder(folder);
    if (!force) await requireUnnamed(folder, id, this.#prefix, this.#storage);
    if (!(await this.#storage.delete(this.#key(folder, id)))) throw new KeyNotFound();
    return { status: 200, body: { key: this.#key(folder, id), deleted: '1' } };
  }

  /** Undefined when somebody else has written meanwhile. */
  async #write(folder: string, id: string, body: unknown, before?: Stored, ttl?: number): Promise<Value | undefined> {
    const value = complete(folder, id, body, before?.value, this.#keyring);
    await requireNamed(value, this.#prefix, this.#storage);
    const done = await this.#storage.put(this.#key(folder, id), value, before?.modifiedIndex ?? '0', ttl);
    return done ? value : undefined;
  }

  async #present(folder: string, id: string): Promise<Stored> {
    const found = await this.#storage.get(this.#key(folder, id));
    if (found === undefined) throw new KeyNotFound();
    return found;
  }

  #written(status: number, folder: string, id: string, value: Value): Reply {
    return { status, body: { key: this.#key(folder, id), value } };
  }

  #key(folder: string, id: string): string {
    return `${this.#prefix}/${folder}/${id}`;
  }
}

function requireFolder(folder: string): void {
  if (!kindOfDirectory.has(folder)) throw new AdminError(404, `not found: there is no "${folder}"`);
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
function complete(folder: string, id: string, body: unknown, before: Value | undefined, keyring: Keyring): Value {
  if (!idPattern.test(id))
    throw new AdminError(400, `invalid id "${id}": letters, digits, "-", "_" and ".", at most 64`);
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new AdminError(400, 'the body is no object');
  const now = Math.floor(Date.now() / 1_000);
  const named = folder === 'consumers' ? {} : { id };
  const given = body as Value;
  const inside = JSON.stringify(given['id'] ?? id);
  if (folder !== 'consumers' && inside !== id && inside !== `"${id}"`) {
    throw new AdminError(400, `wrong id: the body says ${inside}, the address "${id}"`);
  }
  const created = before?.['create_time'];
  const value = { ...given, ...named, create_time: typeof created === 'number' ? created : now, update_time: now };
  try {
    readObject(kindOfDirectory.get(folder) ?? 'route', id, value, keyring);
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
  return { total: found.length, list: list.map(shown) };
}

/** With revisions as numbers, as APISIX has them: exact for the first 2^53 writes. */
function shown({ key, value, createdIndex, modifiedIndex }: Stored): object {
  return { key, value, createdIndex: Number(createdIndex), modifiedIndex: Number(modifiedIndex) };
}

function fits(value: Value, { name, label, uri }: ListFilter): boolean {
  const text = (field: string): string => JSON.stringify(value[field] ?? '');
  return (
    (name === undefined || text('name').includes(name)) &&
    (label === undefined || text('labels').includes(`"${label}"`)) &&
    (uri === undefined || text('uri').includes(uri) || text('uris').includes(uri))
  );
}
