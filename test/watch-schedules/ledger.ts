/** What etcd committed, read from etcd itself, and the hand that writes to it. No proxy is in between. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Change, Line } from './history-checker.ts';
import { openWatch } from './open-watch.ts';
import type { Write } from './schedule.ts';

/** How long etcd may take nothing, as while it elects a leader. Milliseconds. */
const patienceMs = 15_000;

export class Ledger {
  readonly prefix: string;
  readonly #urls: readonly URL[];
  #turn = 0;
  #count = 0;
  #from: number;
  /** The first revision that may be of interest. */
  readonly begins: number;
  readonly #lines: { changes: Change[]; revision: number; compacted?: number }[] = [{ changes: [], revision: 0 }];

  private constructor(urls: readonly URL[], prefix: string, revision: number) {
    this.#urls = urls;
    this.prefix = prefix;
    this.#from = revision + 1;
    this.begins = revision + 1;
  }

  /** `urls`: the members of one cluster. `prefix`: nothing is below it yet. */
  static async begin(urls: readonly URL[], prefix: string): Promise<Ledger> {
    const { header } = await new Ledger(urls, prefix, 0).#post('/v3/kv/range', { key: 'AA==' });
    return new Ledger(urls, prefix, Number(header.revision));
  }

  get lines(): readonly Line[] {
    return this.#lines;
  }

  get range(): { readonly from: string; readonly to: string } {
    return { from: this.prefix, to: `${this.prefix.slice(0, -1)}0` };
  }

  key(number: number): string {
    return `${this.prefix}k${String(number).padStart(2, '0')}`;
  }

  /** Commits them one after the other, each once at least: one whose outcome is not known is sent again. */
  async write(writes: readonly Write[]): Promise<void> {
    for (const write of writes) {
      const success = write.map(({ key, bytes }) => {
        const name = Buffer.from(this.key(key)).toString('base64');
        if (bytes === 'delete') return { request_delete_range: { key: name } };
        return { request_put: { key: name, value: Buffer.from(this.#value(bytes)).toString('base64') } };
      });
      await this.#post('/v3/kv/txn', { success });
    }
  }

  /** Reads everything that has been committed since it last did, and the mark that it writes itself. Resolves with its revision. */
  async read(): Promise<number> {
    const line = this.#lines.at(-1);
    if (line === undefined) throw new Error('there is no line');
    const mark = Buffer.from(`${this.prefix}mark`).toString('base64');
    const { header } = await this.#post('/v3/kv/put', {
      key: mark,
      value: Buffer.from(this.#value(0)).toString('base64'),
    });
    const until = Number(header.revision);
    const deadline = Date.now() + patienceMs;
    while (line.revision < until) {
      if (Date.now() > deadline) throw new Error(`etcd's history up to ${until} was not read in time`);
      await this.#readOnce(line, until);
    }
    return until;
  }

  async compact(revision: number): Promise<void> {
    const line = this.#lines.at(-1);
    if (line !== undefined) line.compacted = revision;
    await this.#post('/v3/kv/compaction', { revision: `${revision}` });
  }

  /** etcd has begun another history: with what was committed up to that revision. */
  fork(revision: number): void {
    const changes = this.#lines.at(-1)?.changes.filter((change) => change.revision <= revision) ?? [];
    this.#lines.push({ changes, revision });
    this.#from = revision + 1;
  }

  async #readOnce(line: { changes: Change[]; revision: number }, until: number): Promise<void> {
    const done = Promise.withResolvers<void>();
    const all = { puts: true, deletes: true, prevKv: true, progressNotify: false, fragment: false } as const;
    using watch = openWatch(this.#url, { protocol: 'json', ...this.range, ...all }, this.#from, (response) => {
      if (response.canceled)
        return done.reject(new Error(`no history from ${this.#from}: ${JSON.stringify(response)}`));
      line.changes.push(...response.changes);
      this.#from = (response.changes.at(-1)?.revision ?? this.#from - 1) + 1;
      if (this.#from <= until) return;
      line.revision = until;
      done.resolve();
    });
    await Promise.race([done.promise, watch.ended, sleep(5_000)]);
  }

  get #url(): URL {
    return this.#urls[this.#turn % this.#urls.length] ?? new URL('http://127.0.0.1');
  }

  #value(bytes: number): string {
    return `${++this.#count}:${'x'.repeat(bytes)}`;
  }

  async #post(path: string, body: object): Promise<{ readonly header: { readonly revision: string } }> {
    const deadline = Date.now() + patienceMs;
    for (;;) {
      try {
        const signal = AbortSignal.timeout(3_000);
        const answer = await fetch(new URL(path, this.#url), { method: 'POST', body: JSON.stringify(body), signal });
        if (answer.ok) return (await answer.json()) as { readonly header: { readonly revision: string } };
        const text = await answer.text();
        if (answer.status < 500) throw new Error(`etcd refuses ${path}: ${text}`);
      } catch (error) {
        if (error instanceof Error && error.message.startsWith('etcd refuses')) throw error;
      }
      this.#turn++;
      if (Date.now() > deadline) throw new Error(`etcd did not take ${path} in time`);
      await sleep(20);
    }
  }
}
