/** `<prefix>/routes/<id>`, after APISIX 3.x: unknown fields and nulls are refused with their path. */
import { bindPlugins, pluginsSchema } from '../../plugins/bind.ts';
import { type Condition, addressCondition, allOf } from '../../routing/condition.ts';
import { compileVars } from '../../routing/vars.ts';
import { BadItem } from '../bad-item.ts';
import type { Route } from '../config-objects.ts';
import {
  type Bookkeeping,
  type RawTimeout,
  bookkeeping,
  hostSchema,
  hostsOf,
  hostsSchema,
  idOf,
  idSchema,
  timeoutSchema,
  timeoutsOf,
} from './common.ts';
import type { ObjectKind } from './kind.ts';
import { methodsSchema } from './methods.ts';
import { type RawUpstream, upstreamOf, upstreamSchema } from './upstream.ts';

const uri = { type: 'string', pattern: '^/', maxLength: 4_096 };
const address = { type: 'string', minLength: 1 };
interface RawRoute extends Bookkeeping {
  readonly uri?: string;
  readonly uris?: readonly string[];
  readonly host?: string;
  readonly hosts?: readonly string[];
  readonly methods?: readonly string[];
  readonly remote_addr?: string;
  readonly remote_addrs?: readonly string[];
  readonly vars?: readonly unknown[] | object;
  readonly priority?: number;
  readonly status?: 0 | 1;
  readonly timeout?: RawTimeout;
  readonly enable_websocket?: boolean;
  readonly upstream?: RawUpstream;
  readonly upstream_id?: string | number;
  readonly service_id?: string | number;
  readonly plugin_config_id?: string | number;
  readonly plugins?: Readonly<Record<string, object>>;
}

export const routeKind: ObjectKind<Route> = {
  directory: 'routes',
  secrets: [['upstream', 'tls', 'client_key']],
  schema: {
    type: 'object',
    properties: {
      ...bookkeeping,
      uri,
      uris: { type: 'array', items: uri, minItems: 1, uniqueItems: true },
      host: hostSchema,
      hosts: hostsSchema,
      methods: methodsSchema,
      remote_addr: address,
      remote_addrs: { type: 'array', items: address, minItems: 1, uniqueItems: true },
      // As Lua writes an empty list.
      vars: { anyOf: [{ type: 'array' }, { type: 'object', maxProperties: 0 }] },
      priority: { type: 'integer' },
      status: { enum: [0, 1] },
      timeout: timeoutSchema,
      enable_websocket: { type: 'boolean' },
      upstream: upstreamSchema,
      upstream_id: idSchema,
      service_id: idSchema,
      plugin_config_id: idSchema,
      plugins: pluginsSchema,
    },
    oneOf: [{ required: ['uri'] }, { required: ['uris'] }],
    allOf: [{ not: { required: ['host', 'hosts'] } }, { not: { required: ['remote_addr', 'remote_addrs'] } }],
    additionalProperties: false,
  },
  read(id, raw: RawRoute) {
    const { uri, uris, host, hosts, upstream, timeout } = raw;
    const owner = `routes/${id}`;
    const serves = [upstream, raw.upstream_id, raw.service_id, raw.plugin_config_id, raw.plugins];
    if (serves.every((each) => each === undefined)) {
      throw new BadItem('needs "upstream", "upstream_id", "service_id" or "plugins"');
    }
    return {
      id,
      name: raw.name,
      uris: uris ?? (uri === undefined ? [] : [uri]),
      hosts: hostsOf(host, hosts),
      methods: raw.methods ?? [],
      condition: conditionOf(raw),
      priority: raw.priority ?? 0,
      enabled: raw.status !== 0,
      timeout: timeout === undefined ? undefined : timeoutsOf(timeout),
      websocket: raw.enable_websocket,
      upstream: upstream === undefined ? undefined : upstreamOf(owner, upstream),
      upstreamId: idOf(raw.upstream_id),
      serviceId: idOf(raw.service_id),
      pluginConfigId: idOf(raw.plugin_config_id),
      plugins: bindPlugins(raw.plugins, owner),
      labels: raw.labels ?? {},
    };
  },
};

function conditionOf({ remote_addr: one, remote_addrs: many, vars }: RawRoute): Condition | undefined {
  const addresses = many ?? (one === undefined ? [] : [one]);
  return allOf([
    addresses.length === 0 ? undefined : addressCondition(addresses),
    Array.isArray(vars) && vars.length > 0 ? compileVars(vars) : undefined,
  ]);
}
