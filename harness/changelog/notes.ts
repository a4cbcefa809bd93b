/** From the tokens of a Markdown file to the notes of each version: which heading is what, which bullet belongs where. */
import type { ChangelogFile, Entry, VersionNotes } from '../model/changelog.ts';
import { entryOf, isOnlyPullRequests, pullRequests } from './entry-text.ts';
import { boldLevel, type Token } from './scanner.ts';
import { unreleased, versionOf } from './versions.ts';

interface Bullet {
  text: string;
  readonly indent: number;
  readonly line: number;
  readonly section: string;
  readonly children: Bullet[];
}

interface Open {
  readonly version: string;
  readonly line: number;
  readonly level: number;
  /** Outermost bullets, and how many there are in all, nested ones too. */
  readonly bullets: Bullet[];
  count: number;
  /** Text outside of bullets. */
  readonly loose: string[];
}

/** `Kong 3.2.0`, `[v3.7.9](…) (2026-07-24)`, `[Unreleased]`; two numbers are a version in the upper headings only. */
export function headingVersion(text: string, level: number): string | undefined {
  const form =
    /^(?:(?:release|version|kong|etcd|apisix|traefik|envoy|nginx)[ -])?\[?(v?\d[\w.+-]{0,60}|unreleased)(?=[\s\](:]|$)/i;
  const found = form.exec(text)?.[1];
  const version = found === undefined ? undefined : versionOf(found);
  if (version === undefined || level >= boldLevel || level > 3) return undefined;
  return version === unreleased || version.split('.').length > 2 || level <= 2 ? version : undefined;
}

/** `whole`: the version of everything, where no heading names one. */
export function notesOf(file: ChangelogFile, tokens: readonly Token[], whole?: string): readonly VersionNotes[] {
  const versions: Open[] = [];
  let open: Open | undefined = whole === undefined ? undefined : begun(whole, 1, 0);
  if (open !== undefined) versions.push(open);
  let titles: { readonly level: number; readonly text: string }[] = [];
  let stack: Bullet[] = [];
  let apart = true;
  for (const token of tokens) {
    if (token.kind === 'blank') apart = true;
    if (token.kind === 'heading') {
      const version = headingVersion(token.text, token.level);
      [stack, titles] = [[], version === undefined ? titles.filter(({ level }) => level < token.level) : []];
      if (version !== undefined) versions.push((open = begun(version, token.line, token.level)));
      else if (open !== undefined && token.level <= open.level) open = undefined;
      else titles.push(token);
    }
    if (open === undefined || token.kind === 'blank' || token.kind === 'heading') continue;
    if (token.kind === 'bullet') {
      stack = under(stack, token.indent);
      const section = titles.map(({ text }) => text).join(' / ');
      const bullet: Bullet = { text: token.text, indent: token.indent, line: token.line, section, children: [] };
      (stack.at(-1)?.children ?? open.bullets).push(bullet);
      stack.push(bullet);
      open.count += token.spaced ? 1 : 0;
    } else stack = continued(open, stack, token, apart);
    apart = false;
  }
  return versions.map((version) => closed(file, version));
}

function begun(version: string, line: number, level: number): Open {
  return { version, line, level, bullets: [], count: 0, loose: [] };
}

/** The bullets that one of this indent is nested under. */
function under(stack: readonly Bullet[], indent: number): Bullet[] {
  return stack.filter((bullet) => bullet.indent < indent);
}

/** A line right below a bullet, or one that is indented under it, goes on with it; any other ends it. */
function continued(open: Open, stack: Bullet[], token: Extract<Token, { kind: 'text' }>, apart: boolean): Bullet[] {
  const owner = apart ? under(stack, token.indent).at(-1) : stack.at(-1);
  if (owner === undefined) {
    open.loose.push(token.text);
    return [];
  }
  owner.text += ` ${token.text}`;
  return stack;
}

function closed(file: ChangelogFile, open: Open): VersionNotes {
  const { version, line, bullets, count, loose } = open;
  const state = bullets.length > 0 ? 'listed' : stateOf(loose);
  const note = loose.find((text) => /cancel|skip|same changelog|\.md|branch/i.test(text));
  return {
    version,
    file: file.name,
    line,
    state,
    ...(state === 'listed' || note === undefined ? {} : { note }),
    entries: distinct(bullets.flatMap((bullet) => entriesOf(file, version, bullet))),
    bullets: count,
  };
}

/** Why a version lists nothing; when no word says, its changelog is missing. */
function stateOf(loose: readonly string[]): VersionNotes['state'] {
  const text = loose.join(' ').slice(0, 1_000);
  if (/\b(?:cancell?ed|skipped)\b/i.test(text)) return 'cancelled';
  if (/\bsame changelog as\b/i.test(text)) return 'same-as-another';
  return /\.md\b|\bbranch\b/i.test(text) ? 'elsewhere' : 'empty';
}

/**
 * A bullet and what is nested under it. Nested links to pull requests are the parent's, nested words without one are a
 * detail of a parent that has one, and a parent without one that only introduces others is no entry.
 */
function entriesOf(file: ChangelogFile, version: string, bullet: Bullet, parent?: string): readonly Entry[] {
  const { text, children } = bullet;
  if (children.length === 0) return ownEntry(file, version, bullet, text, [], parent);
  const links = children.filter((child) => isOnlyPullRequests(child.text));
  const others = children.filter((child) => !links.includes(child));
  const prs = links.flatMap((child) => pullRequests(child.text));
  const own = prs.length > 0 || pullRequests(text).length > 0;
  const isDetail = (child: Bullet): boolean =>
    own && pullRequests(child.text).length === 0 && child.children.length === 0;
  const details = others.filter(isDetail);
  const raw = [text, ...details.map((child) => child.text)].join(' ');
  const introduces = !own && others.length > 0 && text.endsWith(':');
  const nested = others.filter((child) => !isDetail(child)).flatMap((child) => entriesOf(file, version, child, text));
  return introduces ? nested : [...ownEntry(file, version, bullet, raw, prs, parent), ...nested];
}

/** None, for a bullet without words. */
function ownEntry(
  file: ChangelogFile,
  version: string,
  { section, line }: Bullet,
  raw: string,
  prs: readonly number[],
  parent: string | undefined,
): readonly Entry[] {
  const nested = parent === undefined ? {} : { parent };
  const made = entryOf({ version, section, raw, prs, file: file.name, line, ...nested });
  return made.text === '' ? [] : [made];
}

/** One pull request may have several lines in a version; the second gets an id of its own. */
function distinct(entries: readonly Entry[]): readonly Entry[] {
  const seen = new Map<string, number>();
  return entries.map((entry) => {
    const times = (seen.get(entry.id) ?? 0) + 1;
    seen.set(entry.id, times);
    return times === 1 ? entry : { ...entry, id: `${entry.id}.${times}` };
  });
}
