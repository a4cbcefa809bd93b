/** Release notes written for these tests, each in the style of one project, with the traps of that style. */
import path from 'node:path';
import type { ReadNotes } from '../../../harness/changelog/read.ts';
import { readNotes } from '../../../harness/changelog/read.ts';
import { readChangelogFiles } from '../../../harness/store/changelog-files.ts';

export function fixture(name: string): ReadNotes {
  return readNotes(readChangelogFiles([path.join(import.meta.dirname, 'fixtures', name)]));
}

/** Notes that a test writes itself. */
export function written(text: string, name = 'CHANGELOG.md'): ReadNotes {
  return readNotes([{ name, text }]);
}
