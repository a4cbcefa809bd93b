/** `ua-restriction`: lets only some user agents pass, or all but some. */
import { BadItem } from '../config/bad-item.ts';
import { compilePattern } from '../routing/vars.ts';
import type { Plugin } from './plugin.ts';

interface Conf {
  readonly allowlist?: readonly string[];
  readonly denylist?: readonly string[];
  readonly bypass_missing?: boolean;
  readonly message?: string;
}

const patterns = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 };

export const uaRestriction: Plugin = {
  name: 'ua-restriction',
  priority: 2999,
  schema: {
    type: 'object',
    properties: {
      allowlist: patterns,
      denylist: patterns,
      bypass_missing: { type: 'boolean' },
      message: { type: 'string', minLength: 1, maxLength: 1_024 },
    },
    additionalProperties: false,
  },
  bind({ allowlist, denylist, bypass_missing: bypass = false, message = 'Not allowed' }: Conf) {
    if ((allowlist === undefined) === (denylist === undefined))
      throw new BadItem('needs either "allowlist" or "denylist"');
    const listed = (allowlist ?? denylist ?? []).map((pattern) =>
      compilePattern(allowlist === undefined ? '/denylist' : '/allowlist', pattern),
    );
    const refused = { status: 403, body: { message } };
    return {
      access(context) {
        const agent = context.header('user-agent');
        if (agent === undefined) return bypass ? undefined : refused;
        const fits = listed.some((pattern) => pattern.test(agent));
        return fits === (allowlist !== undefined) ? undefined : refused;
      },
    };
  },
};
