/** Reads release notes from disk, as what they are: text that somebody else wrote. */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { HarnessError } from '../model/errors.ts';
import type { ChangelogFile } from '../model/changelog.ts';

/** The largest file that is read; the largest that is known has 1.1 MiB. Bytes. */
export const mostBytes: number = 2 * 1_048_576;
/** Files of one folder that are read. */
const mostFiles = 2_000;

const kinds = /\.(?:md|markdown|txt|ya?ml|xml)$|(?:^|[/\\])CHANGE(?:S|LOG)$/i;

/**
 * The files of these paths, folders with all of theirs, in the order of their names.
 * @throws HarnessError CHANGELOG_UNREADABLE that names every file that cannot be read, and why.
 */
export function readChangelogFiles(paths: readonly string[]): readonly ChangelogFile[] {
  const problems: string[] = [];
  const files = paths.flatMap((name) => filesOf(name, problems)).flatMap((name) => read(name, problems));
  if (problems.length > 0)
    throw new HarnessError('CHANGELOG_UNREADABLE', problems.join('\n'), {
      hint: 'name files or folders of release notes: Markdown, text, YAML or XML',
    });
  return files;
}

function filesOf(name: string, problems: string[]): readonly string[] {
  try {
    if (!statSync(name).isDirectory()) return [name];
    const inside = readdirSync(name, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => path.join(entry.parentPath, entry.name))
      .filter((file) => kinds.test(file))
      .toSorted();
    if (inside.length === 0) problems.push(`${name} holds no file of release notes`);
    if (inside.length > mostFiles) problems.push(`${name} holds ${inside.length} files; at most ${mostFiles} are read`);
    return inside.length > mostFiles ? [] : inside;
  } catch (error) {
    problems.push(error instanceof Error ? error.message : String(error));
    return [];
  }
}

function read(name: string, problems: string[]): readonly ChangelogFile[] {
  try {
    const { size } = statSync(name);
    if (size > mostBytes) {
      problems.push(`${name} has ${(size / 1_048_576).toFixed(1)} MiB; at most ${mostBytes / 1_048_576} MiB are read`);
      return [];
    }
    const bytes = readFileSync(name);
    if (bytes.length === 0) problems.push(`${name} is empty`);
    if (bytes.includes(0)) problems.push(`${name} is no text: it holds bytes of value 0`);
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).replaceAll('\r\n', '\n');
    return [{ name, text }];
  } catch (error) {
    const why =
      error instanceof TypeError
        ? `${name} is no text in UTF-8`
        : String(error instanceof Error ? error.message : error);
    problems.push(why);
    return [];
  }
}
