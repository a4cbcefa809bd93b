/** `ip-restriction`: lets only some client addresses pass, or all but some. Networks are written as CIDR (RFC 4632). */
import { BadItem } from '../config/bad-item.ts';
import { addressMatcher } from '../routing/condition.ts';
import type { Plugin } from './plugin.ts';

interface Conf {
  readonly whitelist?: readonly string[];
  readonly blacklist?: readonly string[];
  readonly message?: string;
  readonly response_code?: number;
}

const addresses = { type: 'array', items: { type: 'string', minLength: 1 }, minItems: 1 };

export const ipRestriction: Plugin = {
  name: 'ip-restriction',
  priority: 3000,
  schema: {
    type: 'object',
    properties: {
      whitelist: addresses,
      blacklist: addresses,
      message: { type: 'string', minLength: 1, maxLength: 1_024 },
      response_code: { enum: [403, 404] },
    },
    additionalProperties: false,
  },
  bind({ whitelist, blacklist, message = 'Your IP address is not allowed', response_code: status = 403 }: Conf) {
    if ((whitelist === undefined) === (blacklist === undefined))
      throw new BadItem('needs either "whitelist" or "blacklist"');
    const matches = addressMatcher(whitelist ?? blacklist ?? []);
    return {
      access: ({ remoteAddress }) =>
        matches(remoteAddress) === (whitelist !== undefined) ? undefined : { status, body: { message } },
    };
  },
};
