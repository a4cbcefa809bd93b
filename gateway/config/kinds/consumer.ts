/** `<prefix>/consumers/<username>`: who may call, and what applies to them. */
import { bindPlugins, pluginsSchema } from '../../plugins/bind.ts';
import { BadItem } from '../bad-item.ts';
import type { Consumer } from '../config-objects.ts';
import { check } from '../parse.ts';
import { refuseReferences } from '../secret-references.ts';
import { type Bookkeeping, bookkeeping } from './common.ts';
import type { ObjectKind } from './kind.ts';

interface RawConsumer extends Bookkeeping {
  readonly username: string;
  readonly plugins?: Readonly<Record<string, object>>;
}

/** Plugins that say who a consumer is, with the schema of what they say. */
const credentials: Readonly<Record<string, { readonly schema: object; readonly field: string }>> = {
  'key-auth': {
    schema: {
      type: 'object',
      properties: { key: { type: 'string', minLength: 1 } },
      required: ['key'],
      additionalProperties: false,
    },
    field: 'key',
  },
};

export const consumerKind: ObjectKind<Consumer> = {
  directory: 'consumers',
  secrets: [['plugins', 'key-auth', 'key']],
  schema: {
    type: 'object',
    properties: {
      ...bookkeeping,
      username: { type: 'string', pattern: '^[a-zA-Z0-9_\\-]+$', maxLength: 100 },
      plugins: pluginsSchema,
    },
    required: ['username'],
    additionalProperties: false,
  },
  read(id, { username, plugins = {}, labels }: RawConsumer) {
    if (username !== id) throw new BadItem(`/username "${username}" is not the last part of its key, "${id}"`);
    const own = Object.entries(plugins);
    return {
      username,
      credentials: new Map(own.filter(([name]) => name in credentials).map(credentialOf)),
      plugins: bindPlugins(Object.fromEntries(own.filter(([name]) => !(name in credentials))), `consumers/${id}`),
      labels: labels ?? {},
    };
  },
};

function credentialOf([name, conf]: readonly [string, object]): readonly [string, string] {
  const { schema = {}, field = '' } = credentials[name] ?? {};
  check(conf, schema, `/plugins/${name}`);
  refuseReferences(conf, `/plugins/${name}`);
  return [name, (conf as Readonly<Record<string, string>>)[field] ?? ''];
}
