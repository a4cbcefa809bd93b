/** JSON Schema of `<prefix>/routes/<id>`, after APISIX 3.x: unknown fields and nulls are refused with their path. */
import type { SchemaObject } from 'ajv';
import { bookkeeping, hostHeader, upstreamSchema } from './upstream.ts';

const uri = { type: 'string', pattern: '^/', maxLength: 4_096 };
const host = { type: 'string', pattern: '^\\*?[0-9a-zA-Z-._\\[\\]:]+$' };

const proxyRewrite = {
  type: 'object',
  properties: {
    uri: { ...uri, pattern: '^/[\\x21-\\xff]*$' },
    regex_uri: { type: 'array', items: { type: 'string' }, minItems: 2, maxItems: 2 },
    host: hostHeader,
  },
  minProperties: 1,
  additionalProperties: false,
};

export const routeSchema: SchemaObject = {
  type: 'object',
  properties: {
    ...bookkeeping,
    uri,
    uris: { type: 'array', items: uri, minItems: 1, uniqueItems: true },
    host,
    hosts: { type: 'array', items: host, minItems: 1, uniqueItems: true },
    methods: {
      type: 'array',
      items: {
        type: 'string',
        enum: ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'CONNECT', 'TRACE', 'PURGE'],
      },
      uniqueItems: true,
    },
    priority: { type: 'integer' },
    status: { enum: [0, 1] },
    upstream: upstreamSchema,
    upstream_id: { anyOf: [{ type: 'string', minLength: 1 }, { type: 'integer' }] },
    plugins: { type: 'object', properties: { 'proxy-rewrite': proxyRewrite }, additionalProperties: false },
  },
  oneOf: [{ required: ['uri'] }, { required: ['uris'] }],
  not: { required: ['host', 'hosts'] },
  additionalProperties: false,
};
