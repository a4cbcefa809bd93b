/** One member of the etcd cluster: what it is asked, and what its version can be trusted with. */
import type { Client, Metadata } from '@grpc/grpc-js';
import type { EtcdAccess } from '../../etcd/access.ts';
import { type Watches, connectWatches } from '../../etcd/raw-watch.ts';
import { type RawEvent, type RawKeyValue, type RawStatus, call, rpc } from '../../etcd/rpc.ts';
import { type SnapshotWishes, readSnapshot } from '../../etcd/snapshot.ts';
import type { Snapshot } from '../../etcd/sync-loop.ts';
import { type KeyRange, type Position, positionOf } from '../../etcd/words.ts';
import { type Span, wireOf } from '../span.ts';
import { marksOf } from './common-name.ts';

const callMs = 5_000;

export class Member {
  readonly access: EtcdAccess;
  readonly watches: Watches;
  #answersProve: Promise<boolean> | undefined;

  constructor(access: EtcdAccess) {
    this.access = access;
    this.watches = connectWatches(access);
  }

  get #client(): Client {
    return this.watches.client;
  }

  /** Asked for by a key of the span, as our user may be one who is let into nothing else. */
  async position(span: Span): Promise<Position> {
    const request = { key: wireOf(span).key, limit: '1', keys_only: true };
    const { header } = await call(this.#client, rpc.range, request, await this.watches.credentials(), callMs);
    return positionOf(header);
  }

  async probe(span: Span, credentials: Metadata): Promise<void> {
    const { key, end } = wireOf(span);
    const range = end === undefined ? { key } : { key, range_end: end };
    const request = { ...range, limit: '1', keys_only: true, serializable: true };
    const shown = credentials.clone();
    for (const [name, value] of Object.entries(marksOf(this.access))) shown.set(name, value);
    await call(this.#client, rpc.range, request, shown, callMs);
  }

  async snapshot(span: Span): Promise<Snapshot<RawEvent>> {
    const { position, items } = await this.read(wireOf(span), {});
    return { position, items: items.map((kv) => ({ kv })) };
  }

  async read(range: KeyRange, wishes: SnapshotWishes): Promise<Snapshot<RawKeyValue>> {
    return readSnapshot(this.#client, range, await this.watches.credentials(), wishes);
  }

  async hasLeader(): Promise<boolean> {
    return (await this.#status()).leader !== undefined;
  }

  /** Whether an answered question for progress proves delivery: from 3.4.25 and 3.5.8 on (etcd-io/etcd#15220). */
  answersProve(): Promise<boolean> {
    this.#answersProve ??= this.#status().then(
      ({ version = '' }) => provesFrom(version),
      () => {
        this.#answersProve = undefined;
        return false;
      },
    );
    return this.#answersProve;
  }

  /** With a login: from 3.6 on some releases tell nobody else. */
  async #status(): Promise<RawStatus> {
    return call(this.#client, rpc.status, {}, await this.watches.credentials(), callMs);
  }
}

function provesFrom(version: string): boolean {
  const [major = 0, minor = 0, patch = 0] = version.split('.').map((part) => Number.parseInt(part, 10));
  if (major !== 3) return major > 3;
  return minor > 5 || (minor === 5 && patch >= 8) || (minor === 4 && patch >= 25);
}
