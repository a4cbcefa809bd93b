/** `uri-blocker`: refuses requests by a pattern on their target, the query included. */
import { compilePattern } from '../routing/vars.ts';
import type { Plugin } from './plugin.ts';

interface Conf {
  readonly block_rules: readonly string[];
  readonly rejected_code?: number;
  readonly rejected_msg?: string;
  readonly case_insensitive?: boolean;
}

export const uriBlocker: Plugin = {
  name: 'uri-blocker',
  priority: 2900,
  schema: {
    type: 'object',
    properties: {
      block_rules: { type: 'array', items: { type: 'string', minLength: 1, maxLength: 4_096 }, uniqueItems: true },
      rejected_code: { type: 'integer', minimum: 200 },
      rejected_msg: { type: 'string', minLength: 1 },
      case_insensitive: { type: 'boolean' },
    },
    required: ['block_rules'],
    additionalProperties: false,
  },
  bind({ block_rules: rules, rejected_code: status = 403, rejected_msg: message, case_insensitive }: Conf) {
    const patterns = rules.map((rule) => compilePattern('/block_rules', rule, case_insensitive === true ? 'i' : ''));
    return {
      rewrite({ request }) {
        const target = request.url ?? '';
        if (!patterns.some((pattern) => pattern.test(target))) return undefined;
        return { status, ...(message === undefined ? {} : { body: { error_msg: message } }) };
      },
    };
  },
};
