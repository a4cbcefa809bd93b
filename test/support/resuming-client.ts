/** A client that watches as etcd's documentation says: it resumes after its last event, and lists again when told to. */
import { type JsonWatch, openJsonWatch, prefixRange } from './json-watch.ts';

export interface ResumingClient extends Disposable {
  /** Revisions of its events, in the order in which they came. */
  readonly revisions: readonly number[];
  /** Revisions at which it listed anew, because its history was said to be gone. */
  readonly lists: readonly number[];
  /** Why its watches were canceled. */
  readonly reasons: readonly string[];
  pause(): void;
  resume(): void;
}

export interface ClientOptions {
  /** Where it may connect; one after the other. */
  readonly urls: readonly URL[];
  readonly prefix: string;
  readonly from: number;
}

const againMs = 50;

export function startResumingClient({ urls, prefix, from }: ClientOptions): ResumingClient {
  const seen = { revisions: [] as number[], lists: [] as number[], reasons: [] as string[] };
  const range = prefixRange(prefix);
  let [turn, next] = [0, from];
  const stop = new AbortController();
  let watch: JsonWatch | undefined;
  const take = ({ lines }: JsonWatch, done: number): boolean => {
    for (const { result } of lines.slice(done)) {
      for (const { kv } of result?.events ?? []) {
        seen.revisions.push(Number(kv['mod_revision']));
        next = Number(kv['mod_revision']) + 1;
      }
      if (result?.canceled !== true) continue;
      seen.reasons.push(result.cancel_reason ?? `compacted ${result.compact_revision}`);
      if (result.compact_revision !== undefined) next = -1;
      return true;
    }
    return false;
  };
  const follow = async (): Promise<void> => {
    while (!stop.signal.aborted) {
      const url = urls[turn++ % urls.length];
      if (url === undefined) return;
      try {
        if (next < 0) {
          const revision = await listRevision(url, range);
          seen.lists.push(revision);
          next = revision + 1;
        }
        using open = openJsonWatch(url, [{ create_request: { ...range, start_revision: `${next}` } }]);
        watch = open;
        for (let done = 0, over = false; !over && !stop.signal.aborted;) {
          over = await Promise.race([open.ended.then(() => true), pause()]);
          const read = open.lines.length;
          over = take(open, done) || over;
          done = read;
        }
      } catch {
        // It cannot be reached: the next one, or the same a little later.
      }
      await pause();
    }
  };
  void follow();
  return {
    ...seen,
    pause: () => watch?.pause(),
    resume: () => watch?.resume(),
    [Symbol.dispose]() {
      stop.abort();
      watch?.[Symbol.dispose]();
    },
  };
}

async function pause(): Promise<false> {
  await new Promise((resolve) => setTimeout(resolve, againMs));
  return false;
}

async function listRevision(url: URL, range: object): Promise<number> {
  const body = JSON.stringify({ ...range, count_only: true });
  const answer = await fetch(new URL('/v3/kv/range', url), {
    method: 'POST',
    body,
    signal: AbortSignal.timeout(2_000),
  });
  const { header } = (await answer.json()) as { readonly header: { readonly revision: string } };
  return Number(header.revision);
}
