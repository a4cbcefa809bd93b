/**
 * Ranges of keys. A key is held as latin1 text, one character a byte, so that `<` compares as etcd does and a Map can
 * hold it.
 */
import type { KeyRange } from '../etcd/words.ts';

/** The keys from `from` up to, but without, `to`; without a `to`, all from `from` on. */
export interface Span {
  readonly from: string;
  readonly to: string | undefined;
}

interface WireRange {
  readonly key?: Buffer;
  readonly range_end?: Buffer;
}

export function keyOf(bytes: Buffer): string {
  return bytes.toString('latin1');
}

/** As etcd reads a request: no key is the first of all, no end means that key alone, an end of one zero byte means all. */
export function spanOf({ key, range_end: end }: WireRange): Span {
  const from = key === undefined || key.length === 0 ? '\0' : keyOf(key);
  if (end === undefined || end.length === 0) return { from, to: `${from}\0` };
  return { from, to: end.length === 1 && end[0] === 0 ? undefined : keyOf(end) };
}

export function wireOf({ from, to }: Span): KeyRange {
  const end = to === undefined ? Buffer.of(0) : Buffer.from(to, 'latin1');
  return { key: Buffer.from(from, 'latin1'), end };
}

export function isEmpty({ from, to }: Span): boolean {
  return to !== undefined && to <= from;
}

export function has({ from, to }: Span, key: string): boolean {
  return key >= from && (to === undefined || key < to);
}

export function covers(outer: Span, inner: Span): boolean {
  return inner.from >= outer.from && (outer.to === undefined || (inner.to !== undefined && inner.to <= outer.to));
}
