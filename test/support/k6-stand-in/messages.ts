/** What the stand-in and its virtual users say to each other. */
import type { MessagePort } from 'node:worker_threads';

export type Tags = Readonly<Record<string, string>>;

export interface UserData {
  readonly script: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly port: MessagePort;
  /** Raised when the answer to a `get` is in the port: `http.get` is synchronous in k6. */
  readonly answered: Int32Array;
}

export type ToUser =
  | { readonly kind: 'setup' }
  | { readonly kind: 'iterate'; readonly number: number; readonly data: unknown }
  | { readonly kind: 'answer'; readonly status: number; readonly body: string | null };

export type FromUser =
  | { readonly kind: 'ready'; readonly options: Options }
  | {
      readonly kind: 'sample';
      readonly metric: string;
      readonly atMs: number;
      readonly value: number;
      readonly tags: Tags;
    }
  | { readonly kind: 'get'; readonly url: string; readonly timeout: string }
  | { readonly kind: 'done'; readonly data: unknown };

export interface Options {
  readonly scenarios: {
    readonly load: { readonly rate: number; readonly timeUnit: string; readonly maxVUs: number };
  };
}

export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}

/** `5000ms`, `1000s`, `24h` in milliseconds. */
export function lengthOf(text: string): number {
  const [, number = '', unit = ''] = /^(\d+)(ms|s|h)$/.exec(text) ?? [];
  return Number(number) * ({ ms: 1, s: 1_000, h: 3_600_000 }[unit] ?? Number.NaN);
}
