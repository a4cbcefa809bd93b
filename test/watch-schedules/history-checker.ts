/**
 * What a watching client saw, held against what etcd committed. Pure: no I/O, no clock.
 *
 * etcd promises of its watches: ordered, unique, reliable (nothing between two events is missing), atomic (all events of
 * a revision come together), resumable, bookmarkable (a told revision means that everything up to it was delivered).
 * A wipe or a restore begins another history, here a line of its own: what a client saw between two lists must be
 * explained by one line, and a client never goes back to an earlier one.
 */

export interface Change {
  readonly revision: number;
  readonly key: string;
  readonly type: 'put' | 'delete';
  /** Empty for a delete. */
  readonly value: string;
  /** What the key held before; undefined where nothing, or where it was not asked for. */
  readonly before: string | undefined;
}

/** One history of etcd, read from etcd itself. */
export interface Line {
  /** In etcd's order. */
  readonly changes: readonly Change[];
  /** The newest revision of the whole store. */
  readonly revision: number;
  /** What keys held before this revision etcd has forgotten; without it, nothing. */
  readonly compacted?: number;
}

/** What a watch asks for. */
export interface Wish {
  /** Keys from `from` up to, but without, `to`. */
  readonly from: string;
  readonly to: string;
  readonly puts: boolean;
  readonly deletes: boolean;
  readonly prevKv: boolean;
}

export type Observation =
  /** A watch was created: everything from that revision on. */
  | { readonly kind: 'opened'; readonly from: number }
  /** One response, its fragments joined. */
  | { readonly kind: 'events'; readonly changes: readonly Change[] }
  /** The client was told that everything up to there was delivered. */
  | { readonly kind: 'progress'; readonly revision: number }
  /** It read the range anew: here begins what one line must explain. */
  | { readonly kind: 'listed'; readonly revision: number; readonly keys: ReadonlyMap<string, string> };

export type Promised = 'ordered' | 'unique' | 'reliable' | 'atomic' | 'resumable' | 'bookmarkable' | 'faithful';

export interface Violation {
  readonly promised: Promised;
  readonly what: string;
}

export interface CheckOptions {
  /** Whether the client has waited until everything should have come; without it, what is missing at the end is no fault. */
  readonly complete: boolean;
}

/** `lines`: in the order in which etcd had them, one at least. */
export function violationsOf(
  lines: readonly Line[],
  wish: Wish,
  seen: readonly Observation[],
  { complete }: CheckOptions,
): readonly Violation[] {
  const found: Violation[] = [];
  let earliest = 0;
  const segments = segmentsOf(seen);
  for (const [index, segment] of segments.entries()) {
    const last = complete && index === segments.length - 1;
    const candidates = lines.map((line, at) => ({ at, faults: explain(line, wish, segment, last) }));
    const possible = last ? candidates.slice(-1) : candidates.slice(earliest);
    const best = possible.reduce((best, each) => (each.faults.length < best.faults.length ? each : best));
    earliest = best.at;
    found.push(...best.faults);
  }
  return found;
}

/** The changes that a wish selects, from a revision on. */
export function selected({ changes }: Line, wish: Wish, from: number): readonly Change[] {
  return changes.filter(
    ({ revision, key, type }) =>
      revision >= from && key >= wish.from && key < wish.to && (type === 'put' ? wish.puts : wish.deletes),
  );
}

function segmentsOf(seen: readonly Observation[]): readonly (readonly Observation[])[] {
  const segments: Observation[][] = [];
  for (const each of seen) {
    if (each.kind === 'listed' || segments.length === 0) segments.push([]);
    segments.at(-1)?.push(each);
  }
  return segments;
}

/** Why the line does not explain what was seen; nothing when it does. */
function explain(line: Line, wish: Wish, segment: readonly Observation[], complete: boolean): readonly Violation[] {
  const reading = new Reading(line, wish, startOf(segment));
  for (const each of segment) {
    if (each.kind === 'opened') reading.opened();
    else if (each.kind === 'progress') reading.progress(each.revision);
    else if (each.kind === 'events') reading.response(each.changes);
    else reading.listed(each.revision, each.keys);
  }
  if (complete) reading.end();
  return reading.faults;
}

function startOf([first]: readonly Observation[]): number {
  if (first?.kind === 'opened') return first.from;
  return first?.kind === 'listed' ? first.revision + 1 : 1;
}

class Reading {
  readonly faults: Violation[] = [];
  readonly #line: Line;
  readonly #wish: Wish;
  readonly #expected: readonly Change[];
  #at = 0;
  #newest = 0;
  #reopened = false;

  constructor(line: Line, wish: Wish, from: number) {
    this.#line = line;
    this.#wish = wish;
    this.#expected = selected(line, wish, from);
  }

  opened(): void {
    this.#reopened = this.#at > 0;
  }

  response(changes: readonly Change[]): void {
    for (const change of changes) this.#take(change);
    const next = this.#expected[this.#at];
    if (changes.length > 0 && next !== undefined && next.revision <= this.#newest) {
      this.#fault('atomic', `a response ends within revision ${next.revision}, before ${text(next)}`);
    }
    if (changes.length > 0) this.#reopened = false;
  }

  progress(revision: number): void {
    const next = this.#expected[this.#at];
    if (next !== undefined && next.revision <= revision) {
      this.#fault('bookmarkable', `everything up to ${revision} was said to be delivered, ${text(next)} was not`);
    }
    if (revision > this.#line.revision) {
      this.#fault('bookmarkable', `revision ${revision} was told, etcd is at ${this.#line.revision}`);
    }
  }

  listed(revision: number, keys: ReadonlyMap<string, string>): void {
    if (revision > this.#line.revision) this.#fault('faithful', `a list at ${revision}, which etcd never reached`);
    const wanted = stateAt(this.#line, this.#wish, revision);
    const names = new Set([...wanted.keys(), ...keys.keys()]);
    for (const name of names) {
      if (wanted.get(name) === keys.get(name)) continue;
      this.#fault(
        'faithful',
        `a list at ${revision}: ${name} is ${short(keys.get(name))}, not ${short(wanted.get(name))}`,
      );
    }
  }

  end(): void {
    const missing = this.#expected.slice(this.#at);
    if (missing[0] !== undefined) {
      this.#fault('reliable', `${missing.length} events never came, the first of them ${text(missing[0])}`);
    }
  }

  #take(change: Change): void {
    const ahead = this.#expected.findIndex((each, index) => index >= this.#at && isSame(each, change));
    if (ahead < 0) return this.#unexpected(change);
    const skipped = this.#expected[this.#at];
    if (ahead > this.#at && skipped !== undefined) this.#skipped(skipped, change, ahead - this.#at);
    const wanted = this.#expected[ahead];
    if (wanted !== undefined && wanted.value !== change.value) {
      this.#fault('faithful', `${text(change)} came with ${short(change.value)}, not ${short(wanted.value)}`);
    }
    // etcd reads it when it sends the event, and gives nothing when that revision is compacted by then (rpc.proto, `prev_kv`).
    const isForgotten = change.before === undefined && change.revision <= (this.#line.compacted ?? 0);
    if (this.#wish.prevKv && wanted !== undefined && wanted.before !== change.before && !isForgotten) {
      this.#fault('faithful', `${text(change)}: before it was ${short(wanted.before)}, not ${short(change.before)}`);
    }
    this.#at = ahead + 1;
    this.#newest = change.revision;
  }

  #skipped(first: Change, change: Change, count: number): void {
    const torn = first.revision === change.revision || first.revision === this.#newest;
    const promised = torn ? 'atomic' : this.#reopened ? 'resumable' : 'reliable';
    this.#fault(promised, `${text(change)} came, but ${count} before it did not, the first of them ${text(first)}`);
  }

  #unexpected(change: Change): void {
    const known = this.#expected.slice(0, this.#at).some((each) => isSame(each, change));
    if (known && change.revision === this.#newest) this.#fault('unique', `${text(change)} came again`);
    else if (known) this.#fault(this.#reopened ? 'unique' : 'ordered', `${text(change)} came after ${this.#newest}`);
    else this.#fault('faithful', `${text(change)} came: etcd has no such change, or it was not asked for`);
  }

  #fault(promised: Promised, what: string): void {
    this.faults.push({ promised, what });
  }
}

function stateAt({ changes }: Line, wish: Wish, until: number): ReadonlyMap<string, string> {
  const state = new Map<string, string>();
  for (const { revision, key, type, value } of changes) {
    if (revision > until || key < wish.from || key >= wish.to) continue;
    if (type === 'put') state.set(key, value);
    else state.delete(key);
  }
  return state;
}

function isSame(a: Change, b: Change): boolean {
  return a.revision === b.revision && a.key === b.key && a.type === b.type;
}

function text({ type, key, revision }: Change): string {
  return `${type} ${key} @${revision}`;
}

function short(value: string | undefined): string {
  if (value === undefined) return 'nothing';
  return value.length > 40 ? `"${value.slice(0, 40)}…" (${value.length})` : `"${value}"`;
}
