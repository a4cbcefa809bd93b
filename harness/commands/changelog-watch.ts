/** `gatecrash changelog --watch`: what is new in release notes since the last look, and what is worth running for it. */
import { catalogue } from '../../scenarios/catalogue.ts';
import type { Dialect } from '../changelog/dialects/dialect.ts';
import { label } from '../changelog/labels/label.ts';
import { newsSince, seenOf } from '../changelog/news.ts';
import { calledScenarios } from '../changelog/plan.ts';
import { readNotes } from '../changelog/read.ts';
import type { SeenNotes, WatchedNews } from '../model/changelog.ts';
import { exitCode } from '../model/exit-codes.ts';
import { renderNews } from '../reporters/changelog/news.ts';
import { readChangelogFiles } from '../store/changelog-files.ts';
import { readSeen, saveSeen, seenFile } from '../store/changelog-seen.ts';

export interface WatchOptions {
  readonly dialect: Dialect | undefined;
  readonly state?: string;
  readonly json?: boolean;
}

/** What was seen is kept only when all of it could be shown. */
export function watchChangelogs(paths: readonly string[], options: WatchOptions): number {
  const state = options.state ?? seenFile;
  const looks = [...new Set(paths)].map((watched) => look(watched, state, options.dialect));
  const news = looks.map((one) => one.news);
  process.stdout.write(options.json === true ? `${JSON.stringify(news, null, 2)}\n` : `${renderNews(news)}\n`);
  for (const { news, seen } of looks) saveSeen(state, news.watched, seen);
  return exitCode.safe;
}

function look(
  watched: string,
  state: string,
  dialect: Dialect | undefined,
): { readonly news: WatchedNews; readonly seen: SeenNotes } {
  const { notes } = readNotes(readChangelogFiles([watched]), dialect);
  const before = readSeen(state, watched);
  const seen = seenOf(notes);
  const { versions, entries, ported } = newsSince(before ?? seen, notes);
  const labelled = entries.map(label);
  const { called } = calledScenarios(labelled, catalogue);
  return { news: { watched, firstLook: before === undefined, versions, entries: labelled, ported, called }, seen };
}
