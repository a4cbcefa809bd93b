/**
 * Serializable reads from the mirror, as etcd would answer them: what a member knows, which may be old. Everything else
 * is etcd's to answer.
 */
import type { RawKeyValue, RawRangeRequest, RawRangeResponse } from '../../etcd/rpc.ts';
import type { Feed } from '../feed/feed.ts';
import type { Feeds } from '../feed/feeds.ts';
import { type Span, isEmpty, spanOf } from '../span.ts';
import { credentialsOf } from './grpc-watch.ts';
import { wantsLeader } from './leader.ts';
import type { WatchService } from './watch-session.ts';

/** Of a request that the mirror may answer. Bytes; etcd answers longer ones. */
export const mostRangeBytes = 65_536;

export interface MirrorAnswer {
  readonly range: RawRangeResponse;
  /** Headers that say that it was not etcd who answered, and for how many milliseconds the mirror has not heard of it. */
  readonly marks: Readonly<Record<string, string>>;
}

/** Undefined when etcd must answer: a refusal is its to say too. `wish`: undefined when it is none that can be read. */
export async function mirrorAnswer(
  { feeds, permissions }: WatchService,
  wish: RawRangeRequest | undefined,
  headers: Parameters<typeof credentialsOf>[0],
): Promise<MirrorAnswer | undefined> {
  const feed = wish === undefined ? undefined : mirrorFor(feeds, wish);
  if (wish === undefined || feed === undefined) return undefined;
  if (wantsLeader(headers) && !feeds.hasLeader) return undefined;
  try {
    if ((await permissions.check(credentialsOf(headers), spanOf(wish))) !== undefined) return undefined;
  } catch {
    // While etcd does not answer at all nobody is let in by guess.
    return undefined;
  }
  const { connected, since } = feed.upstream;
  const stale = connected ? 0 : Math.round(performance.now() - since);
  const marks = { 'x-watch-proxy-mirror': `${feed.mirrored}`, 'x-watch-proxy-stale-ms': `${stale}` };
  return { range: rangeFrom(feed, wish), marks };
}

/** The feed that can answer it; undefined when etcd must. */
function mirrorFor(feeds: Feeds, request: RawRangeRequest): Feed | undefined {
  if (request.serializable !== true || (request.revision ?? '0') !== '0') return undefined;
  const span = spanOf(request);
  const feed = isEmpty(span) ? undefined : feeds.covering(span);
  return feed === undefined || feed.mirrored === 0n ? undefined : feed;
}

function rangeFrom(feed: Feed, request: RawRangeRequest): RawRangeResponse {
  const inRange = [...feed.mirror.within(spanOf(request) satisfies Span)];
  const header = feed.header(feed.mirrored);
  if (request.count_only === true) return { header, count: `${inRange.length}` };
  const kept = inRange.filter((kv) => isWanted(kv, request));
  sort(kept, request);
  const limit = Number(request.limit ?? 0);
  const kvs = limit > 0 ? kept.slice(0, limit) : kept;
  return {
    header,
    kvs: request.keys_only === true ? kvs.map(({ value: _value, ...rest }) => rest) : kvs,
    ...(kvs.length < kept.length ? { more: true } : {}),
    // Of the range, whatever the filters: so etcd counts.
    count: `${inRange.length}`,
  };
}

function isWanted({ mod_revision, create_revision = '0' }: RawKeyValue, request: RawRangeRequest): boolean {
  const { min_mod_revision, max_mod_revision, min_create_revision, max_create_revision } = request;
  return (
    between(mod_revision, min_mod_revision, max_mod_revision) &&
    between(create_revision, min_create_revision, max_create_revision)
  );
}

/** A limit of 0 is none. */
function between(value: string, least = '0', most = '0'): boolean {
  const number = BigInt(value);
  return number >= BigInt(least) && (BigInt(most) === 0n || number <= BigInt(most));
}

function sort(kvs: RawKeyValue[], { sort_order: order = 'None', sort_target: target = 'Key' }: RawRangeRequest): void {
  // Without an order etcd sorts upwards by whatever target is named.
  if (order === 'None' && target === 'Key') return;
  const compare = comparisons[target] ?? byKey;
  kvs.sort((a, b) => (order === 'Descend' ? compare(b, a) : compare(a, b)));
}

type Compare = (a: RawKeyValue, b: RawKeyValue) => number;

const byKey: Compare = (a, b) => a.key.compare(b.key);
const byNumber =
  (of: (kv: RawKeyValue) => string | undefined): Compare =>
  (a, b) =>
    Number(BigInt(of(a) ?? 0) - BigInt(of(b) ?? 0));
const comparisons: Readonly<Record<string, Compare>> = {
  Key: byKey,
  Version: byNumber(({ version }) => version),
  Create: byNumber(({ create_revision: revision }) => revision),
  Mod: byNumber(({ mod_revision: revision }) => revision),
  Value: (a, b) => (a.value ?? Buffer.alloc(0)).compare(b.value ?? Buffer.alloc(0)),
};
