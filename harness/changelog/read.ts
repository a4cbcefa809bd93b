/** From files to the notes of every version that they tell of. */
import { HarnessError } from '../model/errors.ts';
import type { ChangelogFile, VersionNotes } from '../model/changelog.ts';
import type { Dialect } from './dialects/dialect.ts';
import { dialectOf, dialects } from './dialects/index.ts';

export interface ReadFile {
  readonly file: ChangelogFile;
  readonly dialect: string;
  readonly notes: readonly VersionNotes[];
}

export interface ReadNotes {
  readonly files: readonly ReadFile[];
  readonly notes: readonly VersionNotes[];
  /** What a reader should know of the files. */
  readonly remarks: readonly string[];
}

/**
 * `forced`: a dialect for all files, instead of telling each one's own.
 * @throws HarnessError CHANGELOG_DIALECT naming every file that no dialect reads, or CHANGELOG_UNREADABLE.
 */
export function readNotes(files: readonly ChangelogFile[], forced?: Dialect): ReadNotes {
  const told = files.map((file) => ({ file, dialect: forced ?? dialectOf(file) }));
  const strange = told.filter(({ dialect }) => dialect === undefined).map(({ file }) => file.name);
  if (strange.length > 0) throw unknown(strange);
  const read = told.flatMap(({ file, dialect }): readonly ReadFile[] =>
    dialect === undefined ? [] : [{ file, dialect: dialect.name, notes: dialect.parse(file) }],
  );
  const bare = read.filter(({ notes }) => notes.every(({ bullets }) => bullets === 0)).map(({ file }) => file.name);
  if (bare.length === read.length) throw unknown(bare);
  return {
    files: read,
    notes: merged(read.flatMap(({ notes }) => notes)),
    remarks: [
      ...bare.map((name) => `${name} holds no line of release notes`),
      ...files.filter(endsInLink).map(({ name }) => `${name} ends in the middle of a link: it seems to be cut off`),
    ],
  };
}

function unknown(names: readonly string[]): HarnessError {
  const message = names.map((name) => `${name}: no dialect finds a version with lines below it`).join('\n');
  const hint = `force one with --dialect: ${dialects.map(({ name }) => name).join(', ')}`;
  return new HarnessError('CHANGELOG_DIALECT', message, { hint });
}

function endsInLink({ text }: ChangelogFile): boolean {
  return /\[[^[\]\n]{0,200}(?:\]\([^()\s]{0,300})?$/.test(text.slice(-600));
}

/** A version of several files, as where each change has a file of its own, is one; the one that lists something leads. */
function merged(all: readonly VersionNotes[]): readonly VersionNotes[] {
  const groups = Map.groupBy(all, ({ version }) => version);
  return [...groups.values()].map((group) => {
    const listed = group.filter(({ state }) => state === 'listed');
    const [first = group[0], ...others] = listed;
    if (first === undefined) throw new RangeError('a group is never empty');
    if (others.length === 0) return first;
    return {
      ...first,
      entries: listed.flatMap(({ entries }) => entries),
      bullets: listed.reduce((sum, { bullets }) => sum + bullets, 0),
    };
  });
}
