/** nginx's CHANGES: `Changes with nginx 1.27.0`, then `*) Bugfix: …` over several indented lines. */
import type { ChangelogFile, VersionNotes } from '../../model/changelog.ts';
import { entryOf } from '../entry-text.ts';
import { versionOf } from '../versions.ts';
import type { Dialect } from './dialect.ts';

export const nginxText: Dialect = {
  name: 'nginx-text',
  recognises: ({ text }) => /^Changes with nginx \d/m.test(text),
  parse: (file) => text(file).map(({ version, line, items }) => notes(file, version, line, items)),
};

interface Item {
  raw: string;
  readonly line: number;
}

interface Version {
  readonly version: string;
  readonly line: number;
  readonly items: Item[];
}

function text(file: ChangelogFile): readonly Version[] {
  const versions: Version[] = [];
  for (const [index, raw] of file.text.split('\n').entries()) {
    const trimmed = raw.trim();
    const named = versionOf(/^Changes with nginx (\S{1,40})/.exec(raw)?.[1] ?? '');
    const last = versions.at(-1);
    if (named !== undefined) versions.push({ version: named, line: index + 1, items: [] });
    else if (last === undefined || trimmed === '') continue;
    else if (trimmed.startsWith('*)')) last.items.push({ raw: trimmed.slice(2).trim(), line: index + 1 });
    else {
      const item = last.items.at(-1);
      if (item !== undefined) item.raw += ` ${trimmed}`;
    }
  }
  return versions;
}

/** `Bugfix: …` is the type that nginx gives: it stands as the section. */
function notes(file: ChangelogFile, version: string, line: number, items: readonly Item[]): VersionNotes {
  const entries = items.map((item) => {
    const [, section = '', words = item.raw] =
      /^(Change|Feature|Bugfix|Security|Workaround): (.*)$/s.exec(item.raw) ?? [];
    return entryOf({ version, section, raw: words, file: file.name, line: item.line });
  });
  return {
    version,
    file: file.name,
    line,
    state: entries.length > 0 ? 'listed' : 'empty',
    entries,
    bullets: items.length,
  };
}
