/** JSON Schema of `<prefix>/upstreams/<id>` and of a route's embedded `upstream`, after APISIX 3.x. */

import type { SchemaObject } from 'ajv';

const timeout = {
  type: 'object',
  properties: {
    connect: { type: 'number', exclusiveMinimum: 0 },
    send: { type: 'number', exclusiveMinimum: 0 },
    read: { type: 'number', exclusiveMinimum: 0 },
  },
  required: ['connect', 'send', 'read'],
  additionalProperties: false,
};

const nodeList = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      host: { type: 'string', minLength: 1 },
      port: { type: 'integer', minimum: 1, maximum: 65_535 },
      weight: { type: 'integer', minimum: 0 },
      priority: { type: 'integer' },
    },
    required: ['host', 'weight'],
    additionalProperties: false,
  },
};

/** `host:port` → weight. */
const nodeMap = { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } };

/** What may stand in a Host header: anything else would fail each request that carries it. */
export const hostHeader: SchemaObject = { type: 'string', pattern: '^[\\x21-\\x7e]+$' };

/** Fields that say who and when; kept by etcd, of no consequence here. */
export const bookkeeping: Readonly<Record<string, SchemaObject>> = {
  id: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }] },
  name: { type: 'string' },
  desc: { type: 'string' },
  labels: { type: 'object', additionalProperties: { type: 'string' } },
  create_time: { type: 'integer' },
  update_time: { type: 'integer' },
};

export const upstreamSchema: SchemaObject = {
  type: 'object',
  properties: {
    ...bookkeeping,
    type: { enum: ['roundrobin'] },
    scheme: { enum: ['http'] },
    nodes: { anyOf: [nodeList, nodeMap] },
    timeout,
    pass_host: { enum: ['pass', 'node', 'rewrite'] },
    upstream_host: hostHeader,
    hash_on: { type: 'string' },
  },
  required: ['nodes'],
  additionalProperties: false,
};
