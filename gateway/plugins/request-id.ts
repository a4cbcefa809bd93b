/** `request-id`: one name for a request, in every log that it passes. */
import { randomBytes, randomUUID } from 'node:crypto';
import { headerName } from './header-schemas.ts';
import type { Plugin } from './plugin.ts';

interface Conf {
  readonly header_name?: string;
  readonly include_in_response?: boolean;
  readonly algorithm?: 'uuid' | 'nanoid' | 'range_id';
  readonly range_id?: { readonly char_set?: string; readonly length?: number };
}

const letters = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

export const requestId: Plugin = {
  name: 'request-id',
  priority: 12_015,
  schema: {
    type: 'object',
    properties: {
      header_name: headerName,
      include_in_response: { type: 'boolean' },
      algorithm: { enum: ['uuid', 'nanoid', 'range_id'] },
      range_id: {
        type: 'object',
        properties: {
          char_set: { type: 'string', minLength: 6, maxLength: 256, pattern: '^[\\x21-\\x7e]+$' },
          length: { type: 'integer', minimum: 6, maximum: 256 },
        },
        additionalProperties: false,
      },
    },
    additionalProperties: false,
  },
  bind({ header_name: name = 'X-Request-Id', include_in_response: shown = true, algorithm = 'uuid', range_id }: Conf) {
    const make = {
      uuid: () => randomUUID(),
      nanoid: () => randomBytes(16).toString('base64url').slice(0, 21),
      range_id: () => pickFrom(range_id?.char_set ?? letters, range_id?.length ?? 16),
    }[algorithm];
    return {
      rewrite(context) {
        const given = context.header(name);
        const id = given === undefined || given === '' ? make() : given;
        context.requestId = id;
        context.upstreamHeaders.set(name, id);
        return undefined;
      },
      response(context, { headers }) {
        if (shown && context.requestId !== undefined) headers.set(name, context.requestId);
      },
    };
  },
};

function pickFrom(characters: string, length: number): string {
  return Array.from(randomBytes(length), (byte) => characters.charAt(byte % characters.length)).join('');
}
