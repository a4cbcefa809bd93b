/** A client that watches as etcd's documentation says, over either protocol, and writes down what it saw. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Observation } from './history-checker.ts';
import { type Create, type OpenWatch, type Response, openWatch } from './open-watch.ts';
import { listRange } from './list-range.ts';

export interface ClientWish extends Create {
  /** Whether it goes on after the last revision that it was told of, or after its last event. */
  readonly byBookmarks: boolean;
}

/** A pause before it connects again, in milliseconds: a client of a test has no fleet to wait for. */
const againMs = 20;

export class RecordingClient {
  readonly wish: ClientWish;
  readonly seen: Observation[] = [];
  /** Times that it was told to list again. */
  relists = 0;
  /** What it was told then. */
  readonly reasons: string[] = [];
  #urls: readonly URL[];
  #turn = 0;
  /** The next revision that it wants. */
  #next: number;
  #mustList = false;
  #away = false;
  readonly #stop = new AbortController();
  #watch: OpenWatch | undefined;
  #parts: Response[] = [];
  #told = Promise.withResolvers<void>();

  /** Begins at the first of `urls`, from revision `from` on. */
  constructor(urls: readonly URL[], wish: ClientWish, from: number) {
    this.#urls = urls;
    this.wish = wish;
    this.#next = from;
    void this.#follow();
  }

  get next(): number {
    return this.#next;
  }

  pause(): void {
    this.#watch?.pause();
  }

  resume(): void {
    this.#watch?.resume();
  }

  askProgress(): void {
    this.#watch?.askProgress();
  }

  /** Breaks off, and goes on at the next proxy. */
  move(): void {
    this.#turn++;
    this.#watch?.[Symbol.dispose]();
  }

  leave(): void {
    this.#away = true;
    this.#watch?.[Symbol.dispose]();
  }

  comeBack(): void {
    this.#away = false;
  }

  close(): void {
    this.#stop.abort();
    this.#watch?.[Symbol.dispose]();
  }

  async #follow(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      const url = this.#urls[this.#turn % this.#urls.length];
      if (url === undefined) return;
      if (!this.#away) {
        // Whoever cannot be reached, another may be.
        if (!(await this.#once(url).catch(() => false))) this.#turn++;
      }
      await sleep(againMs);
    }
  }

  /** One watch from its beginning to its end. False when it was never created. */
  async #once(url: URL): Promise<boolean> {
    if (this.#mustList) await this.#list(url);
    if (this.#away || this.#stop.signal.aborted) return true;
    let created = false;
    this.#parts = [];
    this.#told = Promise.withResolvers();
    const watch = openWatch(url, this.wish, this.#next, (response) => {
      if (watch !== this.#watch) return;
      created ||= response.created;
      this.#take(response);
    });
    this.#watch = watch;
    await Promise.race([watch.ended, this.#told.promise]);
    this.#watch = undefined;
    watch[Symbol.dispose]();
    return created;
  }

  async #list(url: URL): Promise<void> {
    const { revision, keys } = await listRange(url, this.wish, false);
    this.seen.push({ kind: 'listed', revision, keys });
    this.#next = revision + 1;
    this.#mustList = false;
  }

  #take(response: Response): void {
    if (response.created && !response.canceled) {
      this.seen.push({ kind: 'opened', from: this.#next });
      return;
    }
    if (response.canceled) return this.#canceled(response);
    this.#parts.push(response);
    if (response.fragment) return;
    const changes = this.#parts.flatMap((part) => part.changes);
    this.#parts = [];
    const last = changes.at(-1);
    if (last === undefined) return this.#progressed(response.revision);
    this.seen.push({ kind: 'events', changes });
    this.#next = last.revision + 1;
  }

  #progressed(revision: number): void {
    this.seen.push({ kind: 'progress', revision });
    if (this.wish.byBookmarks) this.#next = Math.max(this.#next, revision + 1);
  }

  #canceled({ compactRevision, reason }: Response): void {
    if (compactRevision > 0) {
      this.relists++;
      this.reasons.push(`from ${this.#next} on, compacted before ${compactRevision} (${reason})`);
      this.#mustList = true;
    }
    const resumeAt = /everything before revision (\d+) was sent/.exec(reason)?.[1];
    if (resumeAt !== undefined) this.#progressed(Number(resumeAt) - 1);
    this.#told.resolve();
  }
}
