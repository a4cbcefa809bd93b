/** From a bullet as it is written to an entry: links, marks, tags, prefix and numbers of pull requests taken out of it. */
import type { Entry } from '../model/changelog.ts';

export interface Bullet {
  readonly version: string;
  readonly section: string;
  /** As written, in one line. */
  readonly raw: string;
  readonly parent?: string;
  /** Pull requests that lines nested under it name. */
  readonly prs?: readonly number[];
  readonly tags?: readonly string[];
  readonly file: string;
  readonly line: number;
}

/** A line of a changelog is a sentence or a few; what is longer is cut, and says so. */
const longest = 1_000;

const signs: Readonly<Record<string, string>> = { '⚠️': 'warning', '⚠': 'warning', '💥': 'boom', '🐛': 'bug' };
const signNames = Object.keys(signs);

export function entryOf(bullet: Bullet): Entry {
  const { version, section, raw, parent, file, line } = bullet;
  const marked = withoutMarks(clipped(raw));
  const tagged = withoutTags(marked.text);
  const prs = [...new Set([...(bullet.prs ?? []), ...pullRequests(raw)])].toSorted((a, b) => a - b);
  const { prefix, scope, rest } = conventional(plainText(tagged.text));
  return {
    id: prs.length > 0 ? `${version}#${prs.join('+')}` : `${version}:L${line}`,
    version,
    section,
    text: rest,
    ...(parent === undefined ? {} : { parent: conventional(plainText(withoutMarks(parent).text)).rest }),
    prs,
    marks: marked.marks,
    tags: [...(bullet.tags ?? []), ...tagged.tags],
    ...(prefix === undefined ? {} : { prefix }),
    ...(scope === undefined ? {} : { scope }),
    file,
    line,
  };
}

/** By the link to them; bare numbers count when there is no such link, since issues are written alike. */
export function pullRequests(raw: string): readonly number[] {
  const linked = raw.includes('/pull/') ? numbers(raw, /\/pull\/(\d{1,9})\b/g) : [];
  if (linked.length > 0 || !raw.includes('#')) return linked;
  return numbers(raw, /(?:^|[^\w/&])\\?#(\d{1,9})\b/g);
}

function numbers(raw: string, pattern: RegExp): readonly number[] {
  return Array.from(raw.matchAll(pattern), (match) => Number(match[1]));
}

/** Whether a bullet is nothing but links to pull requests, as where several made one change. */
export function isOnlyPullRequests(raw: string): boolean {
  return pullRequests(raw).length > 0 && plainText(raw) === '';
}

function clipped(raw: string): string {
  if (raw.length <= longest) return raw;
  return `${raw.slice(0, longest).toWellFormed()} … (${raw.length - longest} more characters)`;
}

/** `:warning: :sunrise: …` at the start; the box of a task list before them says nothing. */
function withoutMarks(raw: string): { readonly text: string; readonly marks: readonly string[] } {
  const marks: string[] = [];
  let text = raw.trim();
  if (text.startsWith('[')) text = text.replace(/^\[[ xX]\] +/, '');
  for (;;) {
    const name = /^:([a-z_]{2,30}):/.exec(text)?.[1];
    const sign = signNames.find((one) => text.startsWith(one));
    if (name === undefined && sign === undefined) return { text, marks };
    marks.push(name ?? signs[sign ?? ''] ?? '');
    text = text.slice(name === undefined ? (sign ?? '').length : name.length + 2).trim();
  }
}

/** `**[server, k8s/crd]** …`, or a bold name before a colon: `**Rate Limiting**: …`. */
function withoutTags(text: string): { readonly text: string; readonly tags: readonly string[] } {
  if (!text.startsWith('**')) return { text, tags: [] };
  const [all = '', list = '', name = ''] = /^\*\*(?:\[([^\]*]{1,200})\]|([^*[\]]{1,60}?):?)\*\*:?/.exec(text) ?? [];
  const named = name !== '' && (all.endsWith(':') || all.endsWith(':**'));
  if (list === '' && !named) return { text, tags: [] };
  const tags = (list === '' ? [name] : list.split(',')).map((tag) => tag.trim().toLowerCase());
  return { text: text.slice(all.length).trim(), tags: tags.filter((tag) => tag !== '') };
}

const entities: Readonly<Record<string, string>> = { '#34': '"', quot: '"', '#39': "'", amp: '&', lt: '<', gt: '>' };

/** Every pattern here is bounded by a character that it excludes, so none looks at a character twice. */
const cleanings: readonly (readonly [needs: string, pattern: RegExp, by: (...match: readonly string[]) => string])[] = [
  ['](', /!?\[([^[\]]*)\]\([^()\s]*\)/g, (_, words = '') => (/^\\?#?\d+$/.test(words) ? ` ${number(words)}` : words)],
  [':`', /:[a-z-]{2,20}:`([^`<]*)(?:<[^`>]*>)?`/g, (_, words = '') => words],
  ['``', /``/g, () => '`'],
  ['**', /\*\*/g, () => ''],
  ['&', /&(#34|#39|quot|amp|lt|gt);/g, (_, name = '') => entities[name] ?? ''],
  ['#', /\(\s?\\?#\d{1,9}[^()]*\)/g, () => ' '],
  ['by @', /\bby @[\w-]{1,40}(?:\[bot\])?(?: in \S{1,200})?/g, () => ' '],
  ['https://', /https:\/\/\S{1,300}\/pull\/\d+/g, () => ' '],
  ['#', /(?:^|\s)\\?#\d{1,9}\b/g, () => ' '],
  ['\\', /\\(?=[#[\]_*])/g, () => ''],
];

/** The usual end of a line, `([#1](…) by [who](…))`: taken off at once, for its links are most of the work below. */
const credit = /^\(\[#\d{1,9}\]\([^()\s]*\)[^()]*(?:\([^()\s]*\)[^()]*){0,9}\)$/;

function withoutCredit(raw: string): string {
  const at = raw.endsWith(')') ? raw.lastIndexOf('([#') : -1;
  return at !== -1 && credit.test(raw.slice(at)) ? raw.slice(0, at) : raw;
}

function plainText(raw: string): string {
  let text = withoutCredit(raw);
  for (const [needs, pattern, by] of cleanings) if (text.includes(needs)) text = text.replaceAll(pattern, by);
  if (/[^\S ]| {2}/.test(text)) text = text.replaceAll(/\s+/g, ' ');
  if (/ [.,;]/.test(text)) text = text.replaceAll(/ (?=[.,;](?: |$))/g, '');
  return trimmed(text);
}

/** Without spaces and signs around it; the full stop of a sentence stays. */
function trimmed(text: string): string {
  let start = 0;
  while (start < text.length && ' :.,;'.includes(text.charAt(start))) start += 1;
  let end = text.length;
  while (end > start && ' :,;'.includes(text.charAt(end - 1))) end -= 1;
  return text.slice(start, end);
}

/** `[1747](…)` and `[\\#1747](…)` are numbers of pull requests as much as `[#1747](…)` is. */
function number(words: string): string {
  return `#${words.replace(/^\\?#?/, '')}`;
}

/** `fix(etcd)!: …`, also after the hash of a commit; a `!` is kept as part of the prefix. Words that are no types, such as `Note: …`, are left alone. */
function conventional(text: string): { readonly prefix?: string; readonly scope?: string; readonly rest: string } {
  // Most lines have none, and a colon is quickly looked for.
  const match = text.includes(':') ? commit.exec(text) : null;
  const word = match?.[1]?.toLowerCase();
  if (match === null || word === undefined || !prefixes.test(word))
    return { rest: text.startsWith('`') ? text.replace(/^`[0-9a-f]{7,40}` /, '') : text };
  const scope = match[2]?.trim().toLowerCase();
  return {
    prefix: `${word}${match[3] ?? ''}`,
    ...(scope === undefined ? {} : { scope }),
    rest: text.slice(match[0].length).trim(),
  };
}

const commit = /^(?:`?[0-9a-f]{7,40}`? )?([A-Za-z]{2,12})(?:\(([^()]{1,60})\))?(!)?: ?/;

const prefixes =
  /^(?:fix|fixed|fixes|bugfix|hotfix|feat|feature|enhancement|perf|docs?|test|tests|ci|style|build|chore|refactor|change|revert|security|deps?)$/;
