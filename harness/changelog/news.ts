/** What is new in release notes since they were last looked at. */
import { changeOf, changesOf } from './lineage.ts';
import type { Entry, SeenNotes, VersionNotes } from '../model/changelog.ts';

export interface News {
  readonly versions: readonly string[];
  readonly entries: readonly Entry[];
  /** Lines of new versions that are known from others. */
  readonly ported: number;
}

export function seenOf(notes: readonly VersionNotes[]): SeenNotes {
  const changes = new Set(notes.flatMap(({ entries }) => entries.flatMap(changesOf)));
  return { versions: notes.map(({ version }) => version), changes: [...changes].toSorted() };
}

export function newsSince(seen: SeenNotes, notes: readonly VersionNotes[]): News {
  const [versions, changes] = [new Set(seen.versions), new Set(seen.changes)];
  // One change may have several lines in one version; in a second version they are known.
  const fresh = new Map<string, Entry[]>();
  let ported = 0;
  for (const { version, entries } of notes) {
    for (const entry of entries) {
      const same = fresh.get(changeOf(entry));
      if (changesOf(entry).every((one) => changes.has(one))) ported += versions.has(version) ? 0 : 1;
      else if (same === undefined) fresh.set(changeOf(entry), [entry]);
      else if (same[0]?.version === version) same.push(entry);
    }
  }
  return {
    versions: notes.map(({ version }) => version).filter((version) => !versions.has(version)),
    entries: [...fresh.values()].flat(),
    ported,
  };
}
