/** The objects as they stand in etcd, one by one. Nothing here answers before etcd has committed. */
import { Etcd3 } from 'etcd3';
import { type EtcdAccess, unaryOptions } from '../etcd/access.ts';
import { endOf } from '../etcd/words.ts';

export type Value = Readonly<Record<string, unknown>>;

/** A value with etcd's revisions, as decimal text: an int64 does not fit a number. */
export interface Stored {
  readonly key: string;
  readonly value: Value;
  readonly createdIndex: string;
  readonly modifiedIndex: string;
}

export interface Storage {
  get(key: string): Promise<Stored | undefined>;
  list(prefix: string): Promise<readonly Stored[]>;
  /** False when the key is not at that revision, `0` for not there. With `ttlSeconds` etcd deletes it after that time. */
  put(key: string, value: Value, modifiedIndex: string, ttlSeconds?: number): Promise<boolean>;
  /** False when there was none. */
  delete(key: string): Promise<boolean>;
  /** A revision that nobody else gets. */
  freshRevision(key: string): Promise<string>;
  close(): void;
}

/** Keys of one page: what etcd must hold in memory for one reply. */
const pageSize = 500;

export function connectStorage(access: EtcdAccess): Storage {
  const client = new Etcd3(unaryOptions(access));
  return {
    async get(key) {
      const { kvs } = await client.get(key).exec();
      return kvs[0] === undefined ? undefined : storedOf(kvs[0]);
    },
    list: (prefix) => list(client, prefix),
    async put(key, value, modifiedIndex, ttlSeconds) {
      const lease = ttlSeconds === undefined ? undefined : await client.leaseClient.leaseGrant({ TTL: ttlSeconds });
      const put = client.put(key).value(JSON.stringify(value));
      const write = lease === undefined ? put : put.lease(lease.ID);
      const { succeeded } = await client.if(key, 'Mod', '==', modifiedIndex).then(write).commit();
      return succeeded;
    },
    async delete(key) {
      const { deleted } = await client.delete().key(key).exec();
      return deleted !== '0';
    },
    async freshRevision(key) {
      const { header } = await client.put(key).value('1').exec();
      return header.revision;
    },
    close: () => client.close(),
  };
}

async function list(client: Etcd3, prefix: string): Promise<readonly Stored[]> {
  const found: Stored[] = [];
  const end = endOf(prefix);
  for (let start = Buffer.from(prefix); ;) {
    const { kvs, more } = await client.getAll().inRange({ start, end }).limit(pageSize).exec();
    for (const kv of kvs) {
      // A folder's marker, such as APISIX writes at its start, is no object.
      if (kv.key.toString() !== prefix) found.push(storedOf(kv));
    }
    const last = kvs.at(-1);
    if (!more || last === undefined) return found;
    start = Buffer.concat([last.key, Buffer.of(0)]);
  }
}

interface KeyValue {
  readonly key: Buffer;
  readonly value: Buffer;
  readonly create_revision: string;
  readonly mod_revision: string;
}

function storedOf({ key, value, create_revision, mod_revision }: KeyValue): Stored {
  return { key: key.toString(), value: parsed(value), createdIndex: create_revision, modifiedIndex: mod_revision };
}

/** What was written to etcd behind the Admin API's back may be anything; it is shown, not hidden. */
function parsed(bytes: Buffer): Value {
  const text = bytes.toString('utf8');
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Value;
  } catch {
    // Shown below as it is.
  }
  return { invalid: text };
}
