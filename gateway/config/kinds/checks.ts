/** `checks` of an upstream: health checks as lua-resty-healthcheck has them, with its defaults. */
import type { SchemaObject } from 'ajv';
import type { ActiveCheck, Checks, HealthyRule, PassiveCheck, UnhealthyRule } from '../config-objects.ts';

const statuses = {
  type: 'array',
  items: { type: 'integer', minimum: 200, maximum: 599 },
  minItems: 1,
  uniqueItems: true,
};
const threshold = { type: 'integer', minimum: 0, maximum: 254 };
const interval = { type: 'integer', minimum: 1 };
const healthy = { http_statuses: statuses, successes: { ...threshold, minimum: 1 } };
const unhealthy = { http_statuses: statuses, http_failures: threshold, tcp_failures: threshold, timeouts: threshold };

function closed(properties: Readonly<Record<string, SchemaObject>>): SchemaObject {
  return { type: 'object', properties, additionalProperties: false };
}

export const checksSchema: SchemaObject = {
  ...closed({
    active: closed({
      type: { enum: ['http', 'https', 'tcp'] },
      timeout: { type: 'number', exclusiveMinimum: 0 },
      concurrency: { type: 'integer', minimum: 1 },
      host: { type: 'string', minLength: 1 },
      port: { type: 'integer', minimum: 1, maximum: 65_535 },
      http_path: { type: 'string', pattern: '^/[\\x21-\\x7e]*$' },
      https_verify_certificate: { type: 'boolean' },
      req_headers: { type: 'array', items: { type: 'string', pattern: '^[^:\\s]+: ?[\\x20-\\x7e]*$' }, minItems: 1 },
      healthy: closed({ ...healthy, interval }),
      unhealthy: closed({ ...unhealthy, interval }),
    }),
    passive: closed({
      type: { enum: ['http', 'https', 'tcp'] },
      healthy: closed(healthy),
      unhealthy: closed(unhealthy),
    }),
  }),
  anyOf: [{ required: ['active'] }, { required: ['passive'] }],
};

interface RawHealthy {
  readonly http_statuses?: readonly number[];
  readonly successes?: number;
  readonly interval?: number;
}

interface RawUnhealthy {
  readonly http_statuses?: readonly number[];
  readonly http_failures?: number;
  readonly tcp_failures?: number;
  readonly timeouts?: number;
  readonly interval?: number;
}

export interface RawChecks {
  readonly active?: {
    readonly type?: ActiveCheck['type'];
    readonly timeout?: number;
    readonly concurrency?: number;
    readonly host?: string;
    readonly port?: number;
    readonly http_path?: string;
    readonly https_verify_certificate?: boolean;
    readonly req_headers?: readonly string[];
    readonly healthy?: RawHealthy;
    readonly unhealthy?: RawUnhealthy;
  };
  readonly passive?: { readonly healthy?: RawHealthy; readonly unhealthy?: RawUnhealthy };
}

export function checksOf({ active, passive }: RawChecks): Checks {
  return {
    active: active === undefined ? undefined : activeOf(active),
    passive: passive === undefined ? undefined : passiveOf(passive),
  };
}

function activeOf(raw: NonNullable<RawChecks['active']>): ActiveCheck {
  const unhealthyDefaults = {
    httpFailures: 5,
    tcpFailures: 2,
    timeouts: 3,
    statuses: [429, 404, 500, 501, 502, 503, 504, 505],
  };
  return {
    type: raw.type ?? 'http',
    path: raw.http_path ?? '/',
    host: raw.host,
    port: raw.port,
    timeoutMs: (raw.timeout ?? 1) * 1_000,
    concurrency: raw.concurrency ?? 10,
    headers: raw.req_headers ?? [],
    verify: raw.https_verify_certificate ?? true,
    healthy: {
      ...healthyOf(raw.healthy, { successes: 2, statuses: [200, 302] }),
      intervalMs: (raw.healthy?.interval ?? 1) * 1_000,
    },
    unhealthy: {
      ...unhealthyOf(raw.unhealthy, unhealthyDefaults),
      intervalMs: (raw.unhealthy?.interval ?? 1) * 1_000,
    },
  };
}

function passiveOf(raw: NonNullable<RawChecks['passive']>): PassiveCheck {
  const good = [200, 201, 202, 203, 204, 205, 206, 207, 208, 226, 300, 301, 302, 303, 304, 305, 306, 307, 308];
  return {
    healthy: healthyOf(raw.healthy, { successes: 5, statuses: good }),
    unhealthy: unhealthyOf(raw.unhealthy, { httpFailures: 5, tcpFailures: 2, timeouts: 7, statuses: [429, 500, 503] }),
  };
}

function healthyOf(raw: RawHealthy | undefined, byDefault: HealthyRule): HealthyRule {
  return { successes: raw?.successes ?? byDefault.successes, statuses: raw?.http_statuses ?? byDefault.statuses };
}

function unhealthyOf(raw: RawUnhealthy | undefined, byDefault: UnhealthyRule): UnhealthyRule {
  return {
    httpFailures: raw?.http_failures ?? byDefault.httpFailures,
    tcpFailures: raw?.tcp_failures ?? byDefault.tcpFailures,
    timeouts: raw?.timeouts ?? byDefault.timeouts,
    statuses: raw?.http_statuses ?? byDefault.statuses,
  };
}
