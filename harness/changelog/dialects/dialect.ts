/** What an adapter for one way of writing release notes is. */
import { HarnessError } from '../../model/errors.ts';
import type { ChangelogFile, VersionNotes } from '../../model/changelog.ts';
import { notesOf } from '../notes.ts';
import { scan } from '../scanner.ts';
import { unreleased, versionOf } from '../versions.ts';

export interface Dialect {
  readonly name: string;
  /** Whether the beginning of a file is written so. */
  recognises(file: ChangelogFile): boolean;
  /** @throws HarnessError CHANGELOG_UNREADABLE naming the line. */
  parse(file: ChangelogFile): readonly VersionNotes[];
}

/** Most projects write Markdown with a heading for each version. */
export function markdown(file: ChangelogFile): readonly VersionNotes[] {
  return notesOf(file, tokensOf(file));
}

/** Notes of one release, where no heading names it: its version is in the name of the file or of its folder. */
export function markdownOfOneRelease(file: ChangelogFile): readonly VersionNotes[] {
  const notes = notesOf(file, tokensOf(file));
  return notes.length > 0 ? notes : notesOf(file, tokensOf(file), versionOfPath(file.name) ?? unreleased);
}

/** `changelogs/1.32.0.yaml`, `changelog/3.9.0/kong/fix.yml` and `release-v1.4.0.md` name their version. */
export function versionOfPath(name: string): string | undefined {
  const parts = name.replace(/\.(?:md|txt|ya?ml|xml)$/i, '').split(/[/\\]/);
  const named = parts.map(
    (part) => /(?:^|[-_ ])(v?\d{1,9}(?:\.\d{1,9}){1,3}(?:-[0-9A-Za-z.]{1,40})?)$/.exec(part)?.[1],
  );
  return named.map((text) => versionOf(text ?? '')).findLast((version) => version !== undefined);
}

export function unreadable(file: ChangelogFile, line: number | undefined, why: string, cause?: unknown): HarnessError {
  const where = line === undefined ? file.name : `${file.name}:${line}`;
  return new HarnessError('CHANGELOG_UNREADABLE', `${where}: ${why}`, {
    hint: 'fetch the file again; release notes are never repaired',
    cause,
  });
}

function tokensOf(file: ChangelogFile): ReturnType<typeof scan>['tokens'] {
  const { tokens, unclosed } = scan(file.text);
  if (unclosed !== undefined) throw unreadable(file, unclosed.line, `a ${unclosed.what} begins here and never ends`);
  return tokens;
}
