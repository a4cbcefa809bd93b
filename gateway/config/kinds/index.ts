/** Every kind of object that etcd may hold: an explicit table, one file each. */
import type { ConfigObjects, Kind } from '../config-objects.ts';
import { blockKind } from './block.ts';
import { certificateKind } from './certificate.ts';
import { consumerKind } from './consumer.ts';
import { globalRuleKind } from './global-rule.ts';
import type { ObjectKind } from './kind.ts';
import { pluginConfigKind } from './plugin-config.ts';
import { routeKind } from './route.ts';
import { serviceKind } from './service.ts';
import { upstreamKind } from './upstream.ts';

export const kinds: { readonly [K in Kind]: ObjectKind<ConfigObjects[K]> } = {
  route: routeKind,
  service: serviceKind,
  upstream: upstreamKind,
  pluginConfig: pluginConfigKind,
  globalRule: globalRuleKind,
  consumer: consumerKind,
  certificate: certificateKind,
  block: blockKind,
};

/** A map, not an object: a key such as `<prefix>/constructor/x` must find nothing. */
export const kindOfDirectory: ReadonlyMap<string, Kind> = new Map(
  (Object.keys(kinds) as readonly Kind[]).map((name) => [kinds[name].directory, name]),
);
