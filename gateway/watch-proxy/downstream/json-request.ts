/**
 * Requests as etcd's JSON gateway reads them: names in snake_case or camelCase, bytes in base64 (also URL-safe), numbers
 * of 64 bits as text or as numbers, enums by name or number; fields that it does not know are ignored.
 */
import type { RawCreateRequest, RawRangeRequest, RawWatchRequest } from '../../etcd/rpc.ts';
import { BadMessage } from './messages.ts';

type Fields = Readonly<Record<string, unknown>>;

const filterNames: Readonly<Record<string, 'Noput' | 'Nodelete'>> = {
  NOPUT: 'Noput',
  NODELETE: 'Nodelete',
  '0': 'Noput',
  '1': 'Nodelete',
};
const orders = ['None', 'Ascend', 'Descend'] as const;
const targets = ['Key', 'Version', 'Create', 'Mod', 'Value'] as const;

export function watchRequestOf(value: unknown): RawWatchRequest {
  const fields = fieldsOf(value);
  if (fields['create_request'] !== undefined) return { create_request: createOf(fieldsOf(fields['create_request'])) };
  if (fields['cancel_request'] !== undefined) {
    const id = whole(fieldsOf(fields['cancel_request']), 'watch_id');
    return { cancel_request: id === undefined ? {} : { watch_id: id } };
  }
  return fields['progress_request'] === undefined ? {} : { progress_request: {} };
}

export function rangeRequestOf(value: unknown): RawRangeRequest {
  const fields = fieldsOf(value);
  return defined({
    key: bytes(fields, 'key'),
    range_end: bytes(fields, 'range_end'),
    limit: whole(fields, 'limit'),
    revision: whole(fields, 'revision'),
    sort_order: named(fields, 'sort_order', orders),
    sort_target: named(fields, 'sort_target', targets),
    serializable: flag(fields, 'serializable'),
    keys_only: flag(fields, 'keys_only'),
    count_only: flag(fields, 'count_only'),
    min_mod_revision: whole(fields, 'min_mod_revision'),
    max_mod_revision: whole(fields, 'max_mod_revision'),
    min_create_revision: whole(fields, 'min_create_revision'),
    max_create_revision: whole(fields, 'max_create_revision'),
  });
}

function createOf(fields: Fields): RawCreateRequest {
  const filters = (fields['filters'] ?? []) as unknown;
  if (!Array.isArray(filters)) throw new BadMessage('malformed', '"filters" must be an array');
  return defined({
    key: bytes(fields, 'key'),
    range_end: bytes(fields, 'range_end'),
    start_revision: whole(fields, 'start_revision'),
    progress_notify: flag(fields, 'progress_notify'),
    filters: filters.map((name) => filterNames[String(name)] ?? wrong('filters', 'NOPUT or NODELETE')),
    prev_kv: flag(fields, 'prev_kv'),
    watch_id: whole(fields, 'watch_id'),
    fragment: flag(fields, 'fragment'),
  });
}

function snake(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

/** With every name in snake_case. */
function fieldsOf(value: unknown): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new BadMessage('malformed', 'a request must be an object');
  }
  const given = Object.entries(value).filter(([, each]) => each !== null);
  return Object.fromEntries(given.map(([name, each]) => [snake(name), each]));
}

function bytes(fields: Fields, name: string): Buffer | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  if (typeof value !== 'string' || !/^[\w+/-]*={0,2}$/.test(value)) return wrong(name, 'bytes in base64');
  return Buffer.from(value, 'base64');
}

/** As decimal text: an int64 does not fit a number. */
function whole(fields: Fields, name: string): string | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  const text = typeof value === 'number' || typeof value === 'string' ? String(value) : '';
  return /^-?\d{1,19}$/.test(text) ? text : wrong(name, 'a whole number');
}

function flag(fields: Fields, name: string): boolean | undefined {
  const value = fields[name];
  return value === undefined || typeof value === 'boolean' ? value : wrong(name, 'true or false');
}

function named<Name extends string>(fields: Fields, name: string, names: readonly Name[]): Name | undefined {
  const value = fields[name];
  if (value === undefined) return undefined;
  const found = names.find((each, index) => each.toUpperCase() === value || index === Number(value));
  return found ?? wrong(name, names.join(', ').toUpperCase());
}

function wrong(name: string, wanted: string): never {
  throw new BadMessage('malformed', `"${name}" must be ${wanted}`);
}

function defined<Request extends object>(fields: { [Name in keyof Request]: Request[Name] | undefined }): Request {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Request;
}
