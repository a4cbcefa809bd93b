/** Parts that several kinds of objects share, after APISIX 3.x. */
import type { SchemaObject } from 'ajv';

/** Fields that say who and when; kept by etcd, of no consequence here. */
export const bookkeeping: Readonly<Record<string, SchemaObject>> = {
  id: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }] },
  name: { type: 'string' },
  desc: { type: 'string' },
  labels: { type: 'object', additionalProperties: { type: 'string' } },
  create_time: { type: 'integer' },
  update_time: { type: 'integer' },
};

export interface Bookkeeping {
  readonly name?: string;
  readonly labels?: Readonly<Record<string, string>>;
}

export const idSchema: SchemaObject = { anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }] };

export const hostSchema: SchemaObject = { type: 'string', pattern: '^\\*?[0-9a-zA-Z-._\\[\\]:]+$' };
export const hostsSchema: SchemaObject = { type: 'array', items: hostSchema, minItems: 1, uniqueItems: true };

/** What may stand in a Host header: anything else would fail each request that carries it. */
export const hostHeader: SchemaObject = { type: 'string', pattern: '^[\\x21-\\x7e]+$' };

export const timeoutSchema: SchemaObject = {
  type: 'object',
  properties: {
    connect: { type: 'number', exclusiveMinimum: 0 },
    send: { type: 'number', exclusiveMinimum: 0 },
    read: { type: 'number', exclusiveMinimum: 0 },
  },
  required: ['connect', 'send', 'read'],
  additionalProperties: false,
};

/** Seconds. */
export interface RawTimeout {
  readonly connect: number;
  readonly send: number;
  readonly read: number;
}

export function timeoutsOf({ connect, send, read }: RawTimeout): {
  readonly connectMs: number;
  readonly sendMs: number;
  readonly readMs: number;
} {
  return { connectMs: connect * 1_000, sendMs: send * 1_000, readMs: read * 1_000 };
}

export function hostsOf(host: string | undefined, hosts: readonly string[] | undefined): readonly string[] {
  return (hosts ?? (host === undefined ? [] : [host])).map((name) => name.toLowerCase());
}

export function idOf(id: string | number | undefined): string | undefined {
  return id === undefined ? undefined : String(id);
}
