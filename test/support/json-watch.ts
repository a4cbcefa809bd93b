/** A watch through etcd's JSON gateway, or through a proxy that speaks it. */
import { type ClientRequest, request } from 'node:http';

export interface JsonWatch extends Disposable {
  /** Every line so far, parsed. */
  readonly lines: readonly WatchLine[];
  readonly ended: Promise<void>;
  /** The key and revision of each event so far, such as `put /a/1 @5`. */
  events(): readonly string[];
  /** What the client takes, and whether it does. */
  pause(): void;
  resume(): void;
}

export interface WatchLine {
  readonly error?: object;
  readonly result?: {
    readonly header: Readonly<Record<string, string>>;
    readonly watch_id?: string;
    readonly created?: boolean;
    readonly canceled?: boolean;
    readonly compact_revision?: string;
    readonly cancel_reason?: string;
    readonly fragment?: boolean;
    readonly events?: readonly {
      readonly type?: 'DELETE';
      readonly kv: Readonly<Record<string, string>>;
      readonly prev_kv?: Readonly<Record<string, string>>;
    }[];
  };
}

/** `requests`: as they stand in the body, one after the other. `onLine`: told of each line as it comes. */
export function openJsonWatch(
  url: URL,
  requests: readonly object[],
  headers: Record<string, string> = {},
  onLine: (line: WatchLine) => void = () => undefined,
): JsonWatch {
  const lines: WatchLine[] = [];
  const ended = Promise.withResolvers<void>();
  // The beginning of a line whose end has not come; joined once, however long it is.
  let parts: string[] = [];
  let pause = (): void => undefined;
  let resume = (): void => undefined;
  const outgoing: ClientRequest = request(new URL('/v3/watch', url), { method: 'POST', agent: false, headers });
  outgoing.on('error', () => ended.resolve());
  outgoing.on('response', (response) => {
    pause = () => response.pause();
    resume = () => response.resume();
    response.setEncoding('utf8').on('data', (chunk: string) => {
      const [first = '', ...rest] = chunk.split('\n');
      parts.push(first);
      for (const next of rest) {
        const line = JSON.parse(parts.join('')) as WatchLine;
        lines.push(line);
        onLine(line);
        parts = [next];
      }
    });
    response.on('close', () => ended.resolve());
  });
  outgoing.end(requests.map((each) => JSON.stringify(each)).join(''));
  return {
    lines,
    ended: ended.promise,
    events: () => lines.flatMap(({ result }) => (result?.events ?? []).map(eventText)),
    pause: () => pause(),
    resume: () => resume(),
    [Symbol.dispose]: () => void outgoing.destroy(),
  };
}

type Event = NonNullable<NonNullable<WatchLine['result']>['events']>[number];

function eventText({ type, kv }: Event): string {
  const key = Buffer.from(kv['key'] ?? '', 'base64').toString('latin1');
  return `${type === 'DELETE' ? 'delete' : 'put'} ${key} @${kv['mod_revision']}`;
}

/** All keys that begin with the prefix. */
export function prefixRange(prefix: string): { readonly key: string; readonly range_end: string } {
  const end = Buffer.from(prefix);
  end.writeUInt8((end.at(-1) ?? 0) + 1, end.length - 1);
  return { key: Buffer.from(prefix).toString('base64'), range_end: end.toString('base64') };
}
