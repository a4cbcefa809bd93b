/** `<prefix>/plugin_configs/<id>`: plugins that several routes share. */
import { bindPlugins, pluginsSchema } from '../../plugins/bind.ts';
import type { PluginConfig } from '../config-objects.ts';
import { type Bookkeeping, bookkeeping } from './common.ts';
import type { ObjectKind } from './kind.ts';

interface RawPluginConfig extends Bookkeeping {
  readonly plugins: Readonly<Record<string, object>>;
}

export const pluginConfigKind: ObjectKind<PluginConfig> = {
  directory: 'plugin_configs',
  schema: {
    type: 'object',
    properties: { ...bookkeeping, plugins: pluginsSchema },
    required: ['plugins'],
    additionalProperties: false,
  },
  read: (id, { plugins, labels }: RawPluginConfig) => ({
    id,
    plugins: bindPlugins(plugins, `plugin_configs/${id}`),
    labels: labels ?? {},
  }),
};
