/**
 * What is new between two versions: the difference of their lineages by pull requests, not a slice of the file. The same
 * change is listed in several versions when it is ported back, and then a later version brings nothing new by it.
 */
import { HarnessError } from '../model/errors.ts';
import type { Entry, VersionNotes } from '../model/changelog.ts';
import { unknownWord } from '../model/nearest.ts';
import { compareVersions, lineOf, versionOf } from './versions.ts';

export interface NewEntry extends Entry {
  readonly alsoIn: readonly string[];
}

export interface Range {
  readonly from: string;
  readonly to: string;
  readonly entries: readonly NewEntry[];
  readonly missing: readonly { readonly version: string; readonly why: string }[];
}

/** @throws HarnessError CHANGELOG_VERSION for versions that are not in the files, or stand in the wrong order. */
export function newBetween(notes: readonly VersionNotes[], from: string, to: string): Range {
  const [stable, canary] = known(notes, from, to);
  const had = lineage(notes, stable);
  const has = lineage(notes, canary);
  const old = new Set(had.flatMap(({ entries }) => entries.flatMap(changesOf)));
  const brought = has
    .flatMap(({ entries }) => entries)
    .filter((entry) => !changesOf(entry).every((one) => old.has(one)));
  const stableVersions = new Set(had.map(({ version }) => version));
  const added = has.filter(({ version }) => !stableVersions.has(version));
  return {
    from: stable.version,
    to: canary.version,
    entries: once(brought),
    missing: [...added.flatMap(missingOf), ...skipped(notes, added, stable.version, canary.version)],
  };
}

/** What a line tells of, by pull requests, else by its words. It is known when all of these are. */
export function changesOf({ prs, text }: Entry): readonly string[] {
  return prs.length > 0 ? prs.map((pr) => `#${pr}`) : [text.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, ' ')];
}

/** The same for the same change in whichever version it is listed. */
export function changeOf(entry: Entry): string {
  return changesOf(entry).join('+');
}

function known(
  notes: readonly VersionNotes[],
  from: string,
  to: string,
): readonly [stable: VersionNotes, canary: VersionNotes] {
  const versions = notes.map(({ version }) => version);
  const find = (wanted: string): VersionNotes | undefined => notes.find(({ version }) => version === versionOf(wanted));
  const absent = [from, to].filter((wanted) => find(wanted) === undefined);
  const [stable, canary] = [find(from), find(to)];
  if (stable === undefined || canary === undefined)
    throw new HarnessError(
      'CHANGELOG_VERSION',
      absent.map((wanted) => unknownWord('version', wanted, versions)).join('\n'),
      {
        hint: 'a version without a section is "changelog missing", not "no changes": read the file at the tag of the canary too, with a second --file',
      },
    );
  if (compareVersions(stable.version, canary.version) > 0)
    throw new HarnessError('CHANGELOG_VERSION', `--from ${from} is newer than --to ${to}`, {
      hint: `a downgrade undoes what its reverse brings: gatecrash changelog --from ${to} --to ${from}`,
    });
  return [stable, canary];
}

/**
 * The versions that a version was made of: its own release line up to it, and of older lines what was released before
 * that line began. Files list the newest first, so "before" is "further below"; another file's sections have no such
 * order, and count by their numbers alone.
 */
function lineage(notes: readonly VersionNotes[], of: VersionNotes): readonly VersionNotes[] {
  const own = lineOf(of.version);
  const begin = notes.findLast(({ version, file }) => lineOf(version) === own && file === of.file) ?? of;
  return notes.filter((one) => {
    if (compareVersions(one.version, of.version) > 0 || one.state === 'cancelled') return false;
    return lineOf(one.version) === own || one.file !== begin.file || one.line > begin.line;
  });
}

/** The newest section that lists a change stands for it; the others are named. */
function once(entries: readonly Entry[]): readonly NewEntry[] {
  const groups = Map.groupBy(entries, changeOf);
  return [...groups.values()].flatMap((group) => {
    const [first] = group;
    // Several lines of one pull request in one version are several statements; the same words twice are one.
    const own = group.filter(({ version }) => version === first?.version);
    const statements = new Map<string, Entry>();
    for (const entry of own)
      statements.set(entry.text.toLowerCase(), statements.get(entry.text.toLowerCase()) ?? entry);
    const others = new Set(group.map(({ version }) => version));
    return [...statements.values()].map((entry) => ({
      ...entry,
      alsoIn: [...others].filter((version) => version !== entry.version),
    }));
  });
}

const whyMissing: Readonly<Record<VersionNotes['state'], string>> = {
  listed: '',
  elsewhere: 'changelog missing: its section only points elsewhere',
  cancelled: 'never released',
  'same-as-another': 'listed under another version',
  empty: 'changelog missing: its section lists nothing',
};

function missingOf({ version, state, note }: VersionNotes): Range['missing'] {
  if (state === 'listed' || state === 'cancelled' || state === 'same-as-another') return [];
  return [{ version, why: note === undefined ? whyMissing[state] : `${whyMissing[state]}: ${note}` }];
}

/** Patch numbers of the canary's line that no section has, within what was added. */
function skipped(
  notes: readonly VersionNotes[],
  added: readonly VersionNotes[],
  from: string,
  to: string,
): Range['missing'] {
  const all = new Set(notes.map(({ version }) => version));
  const line = lineOf(to);
  const patches = added
    .filter(({ version }) => lineOf(version) === line && /^\d+\.\d+\.\d+$/.test(version))
    .map(({ version }) => Number(version.split('.')[2]));
  const least = lineOf(from) === line ? Number(from.split('.')[2] ?? 0) : Math.min(...patches);
  const most = Math.max(...patches);
  if (!Number.isFinite(least) || !Number.isFinite(most) || most - least > 200) return [];
  return Array.from({ length: Math.max(0, most - least) }, (_, i) => `${line}.${least + i}`)
    .filter((version) => !all.has(version))
    .map((version) => ({ version, why: 'changelog missing: no section of this number' }));
}
