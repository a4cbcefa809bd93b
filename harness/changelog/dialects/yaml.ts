/** YAML of release notes, read without trust: no aliases that multiply, errors with their line. */
import { LineCounter, parseDocument } from 'yaml';
import type { ChangelogFile } from '../../model/changelog.ts';
import { unreadable } from './dialect.ts';

/** @throws HarnessError CHANGELOG_UNREADABLE when it is no mapping, or multiplies itself by aliases. */
export function yamlMapping(file: ChangelogFile): Readonly<Record<string, unknown>> {
  const lineCounter = new LineCounter();
  const document = parseDocument(file.text, { lineCounter, strict: false, logLevel: 'silent' });
  const [error] = document.errors;
  if (error !== undefined) {
    const [why = ''] = error.message.split('\n');
    throw unreadable(file, lineCounter.linePos(error.pos[0]).line, why, error);
  }
  const value = unfolded(file, document);
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    throw unreadable(file, 1, 'release notes in YAML are a mapping, this is none');
  return value as Readonly<Record<string, unknown>>;
}

function unfolded(file: ChangelogFile, document: ReturnType<typeof parseDocument>): unknown {
  try {
    return document.toJS({ maxAliasCount: 10 });
  } catch (cause) {
    throw unreadable(file, undefined, cause instanceof Error ? cause.message : String(cause), cause);
  }
}
