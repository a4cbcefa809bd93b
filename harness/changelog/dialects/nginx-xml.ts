/** nginx's changes.xml: `<changes ver date>`, `<change type>`, and in it a `<para lang>` for each language. */
import type { ChangelogFile, Entry, VersionNotes } from '../../model/changelog.ts';
import { entryOf } from '../entry-text.ts';
import { versionOf } from '../versions.ts';
import { type Dialect, unreadable } from './dialect.ts';

export const nginxXml: Dialect = {
  name: 'nginx-xml',
  recognises: ({ text }) => /<(?:change_log|changes)[\s>]/.test(text),
  parse: parseXml,
};

interface Piece {
  readonly text: string;
  /** Inside of `<…>`, without these; undefined for text between tags. */
  readonly tag?: string;
  readonly line: number;
}

function parseXml(file: ChangelogFile): readonly VersionNotes[] {
  const versions: { version: string; line: number; entries: Entry[] }[] = [];
  const open: string[] = [];
  let [type, language, words] = ['', '', ''];
  let line = 1;
  for (const piece of pieces(file)) {
    const { tag } = piece;
    if (tag === undefined) {
      if (open.includes('para') && language === 'en') words += piece.text;
      continue;
    }
    if (tag.startsWith('!') || tag.startsWith('?') || tag.endsWith('/')) continue;
    const name = /^\/?([\w:-]{1,40})/.exec(tag)?.[1] ?? '';
    if (tag.startsWith('/')) {
      if (open.pop() !== name) throw unreadable(file, piece.line, `</${name}> closes what is not open`);
      const last = versions.at(-1);
      if (name !== 'change' || last === undefined) continue;
      const raw = words.replaceAll(/\s+/g, ' ').trim();
      last.entries.push(entryOf({ version: last.version, section: type, raw, file: file.name, line }));
      continue;
    }
    open.push(name);
    if (name === 'changes')
      versions.push({ version: versionOf(value(tag, 'ver')) ?? '', line: piece.line, entries: [] });
    if (name === 'change') [type, words, line] = [value(tag, 'type'), '', piece.line];
    if (name === 'para') language = value(tag, 'lang') || 'en';
  }
  if (open.length > 0) throw unreadable(file, undefined, `the file ends within <${open.at(-1) ?? ''}>: it is cut off`);
  return versions.map(({ version, line, entries }) => ({
    version,
    file: file.name,
    line,
    state: entries.length > 0 ? 'listed' : 'empty',
    entries,
    bullets: entries.length,
  }));
}

/** Tags and the text between them, in one pass; comments and declarations are tags that are passed over. */
function* pieces(file: ChangelogFile): Generator<Piece> {
  const { text } = file;
  let [at, line] = [0, 1];
  while (at < text.length) {
    const start = text.indexOf('<', at);
    const between = text.slice(at, start < 0 ? undefined : start);
    yield { text: between, line };
    line += newlines(between);
    if (start < 0) return;
    const closing = text.startsWith('<!--', start) ? '-->' : '>';
    const end = text.indexOf(closing, start);
    if (end < 0) throw unreadable(file, line, 'the file ends within a tag: it is cut off');
    const tag = text.slice(start + 1, end + closing.length - 1);
    yield { text: '', tag, line };
    line += newlines(tag);
    at = end + closing.length;
  }
}

function newlines(text: string): number {
  return text.split('\n').length - 1;
}

function value(tag: string, name: string): string {
  const at = tag.indexOf(` ${name}="`);
  if (at < 0) return '';
  const start = at + name.length + 3;
  return tag.slice(start, tag.indexOf('"', start));
}
