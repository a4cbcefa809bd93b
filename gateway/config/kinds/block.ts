/** `<prefix>/blocks/<id>`: one-click blocking. Not APISIX's: written by `POST /apisix/admin/block`. */
import { type Condition, addressCondition } from '../../routing/condition.ts';
import { BadItem } from '../bad-item.ts';
import type { Block } from '../config-objects.ts';
import { bookkeeping, hostSchema } from './common.ts';
import type { ObjectKind } from './kind.ts';

export interface RawBlock {
  readonly host?: string;
  readonly uri?: string;
  readonly remote_addr?: string;
}

export const blockKind: ObjectKind<Block> = {
  directory: 'blocks',
  schema: {
    type: 'object',
    properties: {
      ...bookkeeping,
      host: hostSchema,
      uri: { type: 'string', pattern: '^/', maxLength: 4_096 },
      remote_addr: { type: 'string', minLength: 1 },
    },
    additionalProperties: false,
  },
  read(id, { host, uri, remote_addr: address }: RawBlock) {
    if (host === undefined && uri === undefined && address === undefined) {
      throw new BadItem('needs "host", "uri" or "remote_addr": without one it would stop everything');
    }
    const condition: Condition | undefined = address === undefined ? undefined : addressCondition([address]);
    return { id, host: host?.toLowerCase(), uri, condition };
  },
};
