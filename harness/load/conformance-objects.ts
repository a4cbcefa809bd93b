/** Writes the objects that single requests need to etcd, and changes them during the fault. */
import { Etcd3 } from 'etcd3';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Conformance, StoredValue } from '../../scenarios/conformance.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { HarnessError } from '../model/errors.ts';
import { commitTogether } from '../model/etcd-changes.ts';
import type { World } from '../model/ports.ts';

type Objects = Readonly<Record<string, StoredValue | null>>;
/** Of all that one trial runs against. */
type Scene = Pick<World, 'etcd' | 'prefix' | 'upstream' | 'driver'>;

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
function connected({ etcd, prefix, upstream, driver }: Scene): Disposable & { write(objects: Objects): Promise<void> } {
  const client = new Etcd3({ hosts: etcd.origin });
  const filled = (text: string): string =>
    text
      .replaceAll('"{port}"', upstream.port)
      .replaceAll('{upstream}', upstream.host)
      .replaceAll('{host}', upstream.hostname)
      .replaceAll('{dead}', dead);
  const valueOf = (value: StoredValue | null): StoredValue | null =>
    typeof value === 'string' ? filled(value) : (JSON.parse(filled(JSON.stringify(value))) as StoredValue | null);
  return {
    async write(objects) {
      const changes = Object.entries(objects).flatMap(([key, value]) => {
        const own = driver.object(prefix, key, valueOf(value));
        // Scenarios that need one are skipped before anything runs.
        if (own === undefined) throw new HarnessError('USAGE', `${driver.name} has nothing like ${key}`);
        return own;
      });
      await commitTogether(client, changes);
    },
    [Symbol.dispose]: () => client.close(),
  };
}
