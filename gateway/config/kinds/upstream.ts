/** `<prefix>/upstreams/<id>`, and the `upstream` that stands in a route or service, after APISIX 3.x. */
import { createSecureContext } from 'node:tls';
import type { SchemaObject } from 'ajv';
import { BadItem } from '../bad-item.ts';
import type { HashOn, Node, Upstream, UpstreamTls } from '../config-objects.ts';
import { type RawChecks, checksOf, checksSchema } from './checks.ts';
import { type RawTimeout, bookkeeping, hostHeader, timeoutSchema, timeoutsOf } from './common.ts';
import type { ObjectKind } from './kind.ts';

const nodeList = {
  type: 'array',
  items: {
    type: 'object',
    properties: {
      host: { type: 'string', minLength: 1 },
      port: { type: 'integer', minimum: 1, maximum: 65_535 },
      weight: { type: 'integer', minimum: 0 },
      priority: { type: 'integer' },
      metadata: {
        type: 'object',
        properties: { room: { type: 'string', minLength: 1 }, capacity: { type: 'integer', minimum: 1 } },
      },
    },
    required: ['host', 'weight'],
    additionalProperties: false,
  },
};

/** `host:port` → weight. */
const nodeMap = { type: 'object', additionalProperties: { type: 'integer', minimum: 0 } };

export const upstreamSchema: SchemaObject = {
  type: 'object',
  properties: {
    ...bookkeeping,
    type: { enum: ['roundrobin', 'chash', 'least_conn', 'ewma'] },
    scheme: { enum: ['http', 'https'] },
    nodes: { anyOf: [nodeList, nodeMap] },
    timeout: timeoutSchema,
    retries: { type: 'integer', minimum: 0 },
    retry_timeout: { type: 'number', minimum: 0 },
    retry_non_idempotent: { type: 'boolean' },
    pass_host: { enum: ['pass', 'node', 'rewrite'] },
    upstream_host: hostHeader,
    hash_on: { enum: ['vars', 'vars_combinations', 'header', 'cookie', 'consumer'] },
    key: { type: 'string', minLength: 1 },
    checks: checksSchema,
    keepalive_pool: {
      type: 'object',
      properties: {
        size: { type: 'integer', minimum: 1 },
        idle_timeout: { type: 'number', minimum: 0 },
        requests: { type: 'integer', minimum: 1 },
      },
      additionalProperties: false,
    },
    tls: {
      type: 'object',
      properties: { client_cert: { type: 'string' }, client_key: { type: 'string' }, verify: { type: 'boolean' } },
      dependentRequired: { client_cert: ['client_key'], client_key: ['client_cert'] },
      additionalProperties: false,
    },
  },
  required: ['nodes'],
  additionalProperties: false,
};

interface RawNode {
  readonly host: string;
  readonly port?: number;
  readonly weight: number;
  readonly priority?: number;
  readonly metadata?: { readonly room?: string; readonly capacity?: number };
}

export interface RawUpstream {
  readonly type?: Upstream['type'];
  readonly scheme?: Upstream['scheme'];
  readonly nodes: readonly RawNode[] | Readonly<Record<string, number>>;
  readonly timeout?: RawTimeout;
  readonly retries?: number;
  readonly retry_timeout?: number;
  readonly retry_non_idempotent?: boolean;
  readonly pass_host?: Upstream['passHost'];
  readonly upstream_host?: string;
  readonly hash_on?: HashOn['on'];
  readonly key?: string;
  readonly checks?: RawChecks;
  readonly keepalive_pool?: { readonly size?: number; readonly idle_timeout?: number; readonly requests?: number };
  readonly tls?: { readonly client_cert?: string; readonly client_key?: string; readonly verify?: boolean };
}

/** As APISIX's own. Seconds. */
const timeoutByDefault: RawTimeout = { connect: 60, send: 60, read: 60 };

export const upstreamKind: ObjectKind<Upstream> = {
  directory: 'upstreams',
  secrets: [['tls', 'client_key']],
  schema: upstreamSchema,
  read: (id, raw: RawUpstream) => upstreamOf(`upstreams/${id}`, raw),
};

/** `key` names what holds it, such as `routes/5`. Throws BadItem. */
export function upstreamOf(key: string, raw: RawUpstream): Upstream {
  if (raw.pass_host === 'rewrite' && raw.upstream_host === undefined) {
    throw new BadItem('/pass_host "rewrite" needs "upstream_host"');
  }
  const scheme = raw.scheme ?? 'http';
  return {
    key,
    type: raw.type ?? 'roundrobin',
    hash: hashOf(raw),
    scheme,
    nodes: nodesOf(raw.nodes, scheme === 'https' ? 443 : 80),
    passHost: raw.pass_host ?? 'pass',
    upstreamHost: raw.upstream_host,
    timeout: timeoutsOf(raw.timeout ?? timeoutByDefault),
    retries: raw.retries,
    retryTimeoutMs: (raw.retry_timeout ?? 0) * 1_000,
    retryNonIdempotent: raw.retry_non_idempotent ?? false,
    keepalive: {
      size: raw.keepalive_pool?.size ?? 320,
      idleTimeoutMs: (raw.keepalive_pool?.idle_timeout ?? 60) * 1_000,
      requests: raw.keepalive_pool?.requests ?? 1_000,
    },
    tls: tlsOf(raw.tls),
    checks: raw.checks === undefined ? undefined : checksOf(raw.checks),
  };
}

function tlsOf({ verify = false, client_cert: cert, client_key: key }: RawUpstream['tls'] = {}): UpstreamTls {
  try {
    // A pair that does not fit would fail each request.
    if (cert !== undefined && key !== undefined) createSecureContext({ cert, key });
  } catch {
    // The words of OpenSSL stay out: they may quote the key.
    throw new BadItem('/tls/client_cert and /tls/client_key do not make a pair that TLS can use');
  }
  return { verify, clientCert: cert, clientKey: key };
}

function hashOf({ type, hash_on: on = 'vars', key }: RawUpstream): HashOn {
  const named = on !== 'consumer' && type === 'chash';
  if (named && on !== 'vars' && key === undefined) throw new BadItem(`/hash_on "${on}" needs "key"`);
  return { on, key: key ?? 'remote_addr' };
}

function nodesOf(raw: RawUpstream['nodes'], port: number): readonly Node[] {
  if (Array.isArray(raw)) return (raw as readonly RawNode[]).map((node) => checked(node, port));
  return Object.entries(raw as Readonly<Record<string, number>>).map(([address, weight]) => {
    const [, host, named] = /^(\[.+\]|[^:]+)(?::(\d+))?$/.exec(address) ?? [];
    if (host === undefined) throw new BadItem(`node "${address}" is no host:port`);
    return checked({ host, weight, ...(named === undefined ? {} : { port: Number(named) }) }, port);
  });
}

/** What cannot be connected to must be refused here: at a request it would be an exception. */
function checked({ host: given, port: own, weight, priority, metadata }: RawNode, byDefault: number): Node {
  const port = own ?? byDefault;
  const host = given.includes(':') && !given.startsWith('[') ? `[${given}]` : given;
  // A host that holds a path, a query or a user would silently be another host.
  const usable = !/[/?#@\\\s]/.test(host) && port > 0 && URL.canParse(`http://${host}:${port}`);
  if (!usable) throw new BadItem(`node "${host}:${port}" is no host:port`);
  return { host, port, weight, priority: priority ?? 0, room: metadata?.room, capacity: metadata?.capacity };
}
