/** What of a feed a watch asks for. Watches that ask for the same share one selection, and with it every encoded byte. */
import type { RawCreateRequest, RawEvent } from '../../etcd/rpc.ts';
import { type Span, has } from '../span.ts';
import type { FeedEvent } from './ring.ts';

export interface Selection {
  readonly span: Span;
  readonly puts: boolean;
  readonly deletes: boolean;
  readonly prevKv: boolean;
  /** Responses that are larger than etcd's limit come in parts. */
  readonly fragment: boolean;
}

export function selectionOf({ filters = [], prev_kv, fragment }: RawCreateRequest, span: Span): Selection {
  const [puts, deletes] = [!filters.includes('Noput'), !filters.includes('Nodelete')];
  return { span, puts, deletes, prevKv: prev_kv === true, fragment: fragment === true };
}

/** Equal for selections that are equal. */
export function nameOf(selection: Selection): string {
  return JSON.stringify(selection);
}

export function select({ span, puts, deletes, prevKv }: Selection, events: readonly FeedEvent[]): readonly RawEvent[] {
  const chosen: RawEvent[] = [];
  for (const { key, raw } of events) {
    if (!has(span, key) || !(raw.type === 'Delete' ? deletes : puts)) continue;
    chosen.push(prevKv || raw.prev_kv === undefined ? raw : withoutPrevious(raw));
  }
  return chosen;
}

function withoutPrevious({ type, kv }: RawEvent): RawEvent {
  return type === undefined ? { kv } : { type, kv };
}
