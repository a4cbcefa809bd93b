/**
 * What was last seen of watched release notes: one JSON file, `runs/changelog-seen.json` unless another is named. Only this
 * module knows where it is kept.
 */
import { existsSync, mkdirSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../model/errors.ts';
import type { SeenNotes } from '../model/changelog.ts';
import { readJson } from './read-evidence.ts';

export const seenFile: string = path.join('runs', 'changelog-seen.json');

interface Stored {
  readonly schema: 1;
  readonly notes: Readonly<Record<string, SeenNotes>>;
}

/** By absolute path; undefined for what was never looked at. */
export function readSeen(file: string, watched: string): SeenNotes | undefined {
  return stored(file).notes[path.resolve(watched)];
}

/** The file is replaced whole, so that an interruption leaves the old one. */
export function saveSeen(file: string, watched: string, seen: SeenNotes): void {
  const notes = { ...stored(file).notes, [path.resolve(watched)]: seen };
  mkdirSync(path.dirname(path.resolve(file)), { recursive: true });
  const fresh = `${file}.${process.pid}`;
  writeFileSync(fresh, `${JSON.stringify({ schema: 1, notes } satisfies Stored)}\n`);
  renameSync(fresh, file);
}

function stored(file: string): Stored {
  if (!existsSync(file)) return { schema: 1, notes: {} };
  const content = readJson(file) as Stored;
  if (content.schema !== 1 || typeof content.notes !== 'object')
    throw new HarnessError('EVIDENCE_UNREADABLE', `${file} is no record of watched release notes`, {
      hint: 'name another with --state, or remove it: the next look then is the first',
    });
  return content;
}
