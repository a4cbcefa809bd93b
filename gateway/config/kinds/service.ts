/** `<prefix>/services/<id>`: what several routes have in common. */
import { bindPlugins, pluginsSchema } from '../../plugins/bind.ts';
import type { Service } from '../config-objects.ts';
import { type Bookkeeping, bookkeeping, hostsOf, hostsSchema, idOf, idSchema } from './common.ts';
import type { ObjectKind } from './kind.ts';
import { type RawUpstream, upstreamOf, upstreamSchema } from './upstream.ts';

interface RawService extends Bookkeeping {
  readonly hosts?: readonly string[];
  readonly upstream?: RawUpstream;
  readonly upstream_id?: string | number;
  readonly plugins?: Readonly<Record<string, object>>;
  readonly enable_websocket?: boolean;
}

export const serviceKind: ObjectKind<Service> = {
  directory: 'services',
  secrets: [['upstream', 'tls', 'client_key']],
  schema: {
    type: 'object',
    properties: {
      ...bookkeeping,
      hosts: hostsSchema,
      upstream: upstreamSchema,
      upstream_id: idSchema,
      plugins: pluginsSchema,
      enable_websocket: { type: 'boolean' },
    },
    additionalProperties: false,
  },
  read: (id, { hosts, upstream, upstream_id, plugins, enable_websocket, labels }: RawService) => ({
    id,
    hosts: hostsOf(undefined, hosts),
    upstream: upstream === undefined ? undefined : upstreamOf(`services/${id}`, upstream),
    upstreamId: idOf(upstream_id),
    plugins: bindPlugins(plugins, `services/${id}`),
    websocket: enable_websocket,
    labels: labels ?? {},
  }),
};
