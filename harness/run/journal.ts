/**
 * The write-ahead journal of a run: what was started and broken, on disk before it happens. A killed harness remembers
 * nothing; `gatecrash clean` reads this.
 */
import { closeSync, fsyncSync, mkdirSync, openSync, writeSync } from 'node:fs';
import path from 'node:path';

export type JournalEntry =
  | { readonly kind: 'run'; readonly runId: string; readonly pid: number; readonly scratch: string }
  | { readonly kind: 'process'; readonly trial: string; readonly name: string; readonly pid: number }
  | {
      readonly kind: 'fault';
      readonly trial: string;
      readonly step: number;
      readonly fault: string;
      readonly edge: 'intent' | 'injected' | 'healed';
      /** Of a step that repeats: which time, from 1. */
      readonly turn?: number;
    }
  | { readonly kind: 'end' };

export interface Journal extends Disposable {
  /** Returns when the entry is on disk. */
  write(entry: JournalEntry): void;
}

export function openJournal(runFolder: string): Journal {
  mkdirSync(runFolder, { recursive: true });
  const file = openSync(path.join(runFolder, 'journal.ndjson'), 'a');
  return {
    write(entry) {
      writeSync(file, `${JSON.stringify(entry)}\n`);
      fsyncSync(file);
    },
    [Symbol.dispose]: () => closeSync(file),
  };
}
