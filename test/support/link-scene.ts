/** A fault of the etcd link played against a client of the test's own on the far side, from before it until after it. */
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { injectorOf } from '../../harness/faults/index.ts';
import type { World } from '../../harness/model/ports.ts';
import type { LinkFault } from '../../scenarios/link-faults.ts';
import { type LinkClient, type SeenWatch, linkClients } from './link-clients.ts';
import { until } from './http.ts';
import { type LinkedEtcd, startLinkedEtcd } from './link.ts';

const within = { timeout: 60_000, interval: 5 };

interface Scene {
  readonly linked: LinkedEtcd;
  readonly client: LinkClient;
  readonly prefix: string;
  /** Was open, and had its first event, before the fault. */
  readonly old: SeenWatch;
  /** Opened through the link now. */
  readonly watch: () => SeenWatch;
  /** Writes these keys, and says which revision the first has. */
  readonly put: (...keys: readonly string[]) => Promise<number>;
  readonly range: () => ReturnType<LinkClient['range']>;
  /** How the client is told an end, in its own protocol. */
  readonly told: (grpc: string, json: string) => string;
}

type Holds = (scene: Scene) => Promise<void>;

export interface Case {
  readonly fault: LinkFault;
  readonly proof: RegExp;
  readonly holds: Holds;
  /** Of the watch that was open before. */
  readonly oldAfter: 'lives' | 'ended' | 'mute';
}

interface Scenes extends AsyncDisposable {
  readonly linked: LinkedEtcd;
  readonly world: World;
}

async function startScenes(): Promise<Scenes> {
  const linked = await startLinkedEtcd();
  // Injectors of the link need no more of a world.
  const world = { link: linked.link, etcd: linked.etcd.url } as unknown as World;
  return { linked, world, [Symbol.asyncDispose]: () => linked[Symbol.asyncDispose]() };
}

const testWithinMs = 90_000;

/** A test for each fault in each protocol, all over one etcd and one link. */
export function playInBothProtocols(cases: readonly Case[]): void {
  let scenes: Scenes;
  beforeAll(async () => {
    scenes = await startScenes();
  });
  // A test that fails must not break those behind it.
  afterEach(() => scenes.linked.link.heal());
  afterAll(() => scenes[Symbol.asyncDispose]());
  describe.each(linkClients)('$protocol', (client) => {
    test.each(cases.map((each) => [JSON.stringify(each.fault), each] as const))(
      '%s',
      (_name, each) => playCase(scenes, client, each),
      testWithinMs,
    );
  });
}

export const first = 'first';

/** How long after `sinceMs` they were there: from before they are written, where it matters. */
export async function arrives(
  watch: SeenWatch,
  keys: readonly string[],
  sinceMs: number = performance.now(),
): Promise<number> {
  await expect.poll(() => watch.keys, within).toEqual(keys);
  return performance.now() - sinceMs;
}

/** Less than what any fault of these tests takes. */
const soonMs = 250;

/** An event comes as soon as without a fault; on a host that is busy, one of several. */
export async function arrivesSoon(watch: SeenWatch, key: string, put: Scene['put']): Promise<void> {
  const soon = async (): Promise<boolean> => {
    const wanted = [...watch.keys, key];
    const sinceMs = performance.now();
    await put(key);
    return (await arrives(watch, wanted, sinceMs)) < soonMs;
  };
  await until(soon, 'an event comes soon');
}

/** So does the answer to a read. */
export async function answersSoon(range: Scene['range']): Promise<void> {
  const soon = async (): Promise<boolean> => {
    const { how, afterMs } = await range();
    expect(how).toBe('ok');
    return afterMs < soonMs;
  };
  await until(soon, 'an answer comes soon');
}

export const ends =
  (grpc: string, json: string): Holds =>
  async ({ old, told }) => {
    await expect.poll(() => old.ended, within).toBe(told(grpc, json));
  };

export const reading =
  (grpc: string, json: string): Holds =>
  async ({ range, told }) => {
    expect((await range()).how).toBe(told(grpc, json));
  };

export const opening =
  (grpc: string, json: string): Holds =>
  async ({ watch, told, range }) => {
    using fresh = watch();
    await expect.poll(() => fresh.ended, within).toBe(told(grpc, json));
    expect((await range()).how).toBe('ok');
  };

/** 40 KB at 100 KB/s. */
export const slowly: Holds = async ({ put, range }) => {
  await put(...Array.from({ length: 20 }, (_, index) => `big${index}`));
  const { how, afterMs } = await range();
  expect(how).toBe('ok');
  expect(afterMs).toBeGreaterThan(350);
};

let played = 0;

async function playCase(scenes: Scenes, client: LinkClient, each: Case): Promise<void> {
  const { fault, proof, holds, oldAfter } = each;
  const prefix = `/scene-${played++}/`;
  const put = async (...keys: readonly string[]): Promise<number> => {
    let from = 0;
    for (const key of keys) {
      const value = key.startsWith('big') ? 'x'.repeat(2_000) : 'v';
      const { header } = await scenes.linked.direct.put(`${prefix}${key}`).value(value).exec();
      from ||= Number(header.revision);
    }
    return from;
  };
  const strip = (watch: SeenWatch): SeenWatch => ({
    get created() {
      return watch.created;
    },
    get keys() {
      return watch.keys.map((key) => key.slice(prefix.length));
    },
    get revisions() {
      return watch.revisions;
    },
    get compacted() {
      return watch.compacted;
    },
    get ended() {
      return watch.ended;
    },
    [Symbol.dispose]: () => watch[Symbol.dispose](),
  });
  const watch = (): SeenWatch => strip(client.watch(scenes.linked.link.address, prefix));
  const range = (): ReturnType<LinkClient['range']> => client.range(scenes.linked.link.address, prefix);
  const told = (grpc: string, json: string): string => (client.protocol === 'grpc' ? grpc : json);
  const works = async (): Promise<void> => {
    using fresh = watch();
    await expect.poll(() => fresh.created, within).toBe(1);
    await arrivesSoon(fresh, 'works', put);
    await answersSoon(range);
  };
  using old = watch();
  await expect.poll(() => old.created, within).toBe(1);
  await put(first);
  await arrives(old, [first]);

  const context = { seed: 1, step: 0, holdMs: 10_000, signal: AbortSignal.timeout(60_000) };
  const injector = injectorOf(fault);
  const before = await injector.inject(fault, scenes.world, context);
  await holds({ client, linked: scenes.linked, prefix, old, watch, put, range, told });
  expect(await injector.verify(fault, scenes.world, before, context)).toMatch(proof);
  await injector.heal(fault, scenes.world, context);
  expect(await injector.verifyHealed(fault, scenes.world, context)).toContain('holds no');

  await works();
  if (oldAfter === 'lives') await expect.poll(() => old.keys.at(-1), within).toBe('works');
  else expect(old.keys).not.toContain('works');
  expect(old.ended === undefined).toBe(oldAfter !== 'ended');
}
