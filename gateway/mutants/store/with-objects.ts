/** How the values of etcd are read, changed: before the clean reading, or in what it made of them. */
import { BadItem } from '../../config/bad-item.ts';
import type { ConfigObjects, Kind } from '../../config/config-objects.ts';
import type { Seams } from '../../seams.ts';

export type Raw = Readonly<Record<string, unknown>>;

export interface Reading {
  /** The value as it stands in etcd; may throw BadItem. Values that are no objects do not come here. */
  readonly before?: (raw: Raw, kind: Kind) => Raw;
  readonly after?: { readonly [K in Kind]?: (object: ConfigObjects[K]) => ConfigObjects[K] };
}

export function withObjects(seams: Seams, { before, after = {} }: Reading): Seams {
  return {
    ...seams,
    readObject(kind, id, value, keyring) {
      const plain = typeof value === 'object' && value !== null && !Array.isArray(value);
      const given = before !== undefined && plain ? before(value as Raw, kind) : value;
      const object = seams.readObject(kind, id, given, keyring);
      return after[kind]?.(object) ?? object;
    },
  };
}

export function refuse(reason: string): never {
  throw new BadItem(reason);
}
