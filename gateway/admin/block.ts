/** One-click blocking: the same wish has the same id, so that it can be said twice and lifted by saying it again. */
import { hash } from 'node:crypto';
import type { Objects, Reply } from './objects.ts';

const folder = 'blocks';

export interface BlockApi {
  /** `ttlSeconds`: lifted by itself after that time. */
  block(wish: unknown, ttlSeconds?: number): Promise<Reply>;
  lift(wish: unknown): Promise<Reply>;
}

export function blockApi(objects: Objects): BlockApi {
  return {
    block: (wish, ttl) => objects.put(folder, idOf(wish), wish, ttl),
    lift: (wish) => objects.delete(folder, idOf(wish), true),
  };
}

function idOf(wish: unknown): string {
  const { host, uri, remote_addr: address } = (wish ?? {}) as Readonly<Record<string, unknown>>;
  return hash('sha256', JSON.stringify([host ?? null, uri ?? null, address ?? null])).slice(0, 32);
}
