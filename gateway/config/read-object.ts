/** From a JSON value to the configuration object that it stands for. */
import type { ConfigObjects, Kind } from './config-objects.ts';
import { type Keyring, unsealed } from './keyring.ts';
import { kinds } from './kinds/index.ts';
import { check } from './parse.ts';

/** Throws BadItem. The value itself is left as it is, its secrets encrypted. */
export function readObject<K extends Kind>(kind: K, id: string, value: unknown, keyring: Keyring): ConfigObjects[K] {
  const { schema, secrets = [] } = kinds[kind];
  const open = secrets.reduce((before, path) => withSecret(before, path, keyring), value);
  check(open, schema);
  return kinds[kind].read(id, open as never);
}

/** The value with the secret at that place decrypted; the value itself where there is none. */
function withSecret(value: unknown, [name, ...rest]: readonly string[], keyring: Keyring): unknown {
  if (name === undefined) return typeof value === 'string' ? unsealed(value, keyring) : value;
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, name)) return value;
  const held = (value as Readonly<Record<string, unknown>>)[name];
  const open = withSecret(held, rest, keyring);
  return open === held ? value : { ...value, [name]: open };
}
