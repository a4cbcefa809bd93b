/** `<prefix>/global_rules/<id>`: plugins that every request goes through, also one that no route takes. */
import { bindPlugins, pluginsSchema } from '../../plugins/bind.ts';
import type { GlobalRule } from '../config-objects.ts';
import { bookkeeping } from './common.ts';
import type { ObjectKind } from './kind.ts';

interface RawGlobalRule {
  readonly plugins: Readonly<Record<string, object>>;
}

export const globalRuleKind: ObjectKind<GlobalRule> = {
  directory: 'global_rules',
  schema: {
    type: 'object',
    properties: { ...bookkeeping, plugins: pluginsSchema },
    required: ['plugins'],
    additionalProperties: false,
  },
  read: (id, { plugins }: RawGlobalRule) => ({ id, plugins: bindPlugins(plugins, `global_rules/${id}`) }),
};
