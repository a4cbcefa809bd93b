/** Writes the objects that single requests need to etcd, and changes them during the fault. */
import { Etcd3 } from 'etcd3';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Conformance, StoredValue } from '../../scenarios/conformance.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import type { World } from '../model/ports.ts';

type Objects = Readonly<Record<string, StoredValue | null>>;
/** Of all that one trial runs against. */
type Scene = Pick<World, 'etcd' | 'prefix' | 'upstream'>;

/** A port of the range that nobody listens on by convention (RFC 6335: discard). */
const dead = '127.0.0.1:9';

export async function writeObjects(scene: Scene, { objects }: Conformance): Promise<void> {
  using client = connected(scene);
  await client.write(objects);
}

/** Each edit at its time; resolves after the last. */
export async function playEdits(scene: Scene, { edits = [] }: Conformance, signal: AbortSignal): Promise<void> {
  using client = connected(scene);
  const started = performance.now();
  for (const { at, objects } of edits) {
    await sleep(Math.max(0, milliseconds(at) - (performance.now() - started)), undefined, { signal });
    await client.write(objects);
  }
}

/** Keys are written in one transaction: a worker sees all of an edit at once. */
function connected({ etcd, prefix, upstream }: Scene): Disposable & { write(objects: Objects): Promise<void> } {
  const client = new Etcd3({ hosts: etcd.origin });
  const filled = (value: StoredValue): string => {
    const text = typeof value === 'string' ? value : JSON.stringify(value);
    const numbered = text.replaceAll('"{port}"', upstream.port);
    return numbered
      .replaceAll('{upstream}', upstream.host)
      .replaceAll('{host}', upstream.hostname)
      .replaceAll('{dead}', dead);
  };
  return {
    async write(objects) {
      const operations = Object.entries(objects).map(([key, value]) => {
        const whole = `${prefix}/${key}`;
        return value === null ? client.delete().key(whole) : client.put(whole).value(filled(value));
      });
      await client
        .if('\0', 'Create', '==', 0)
        .then(...operations)
        .commit();
    },
    [Symbol.dispose]: () => client.close(),
  };
}
