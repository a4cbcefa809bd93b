/**
 * Which part of the gateway a line is about: what the project names (a scope, a tag, a section) and the words of the line
 * are weighed together, and the area for which most speaks comes first.
 */
import type { Area, Entry, EntryType, Label, LabelledEntry } from '../../model/changelog.ts';
import { areaNames, areaSections, shapeless } from './area-names.ts';
import { areaTerms } from './area-words.ts';
import { Kept } from './kept.ts';
import { Lexicon } from './lexicon.ts';

/** Areas beside the first that a line is worth trying in. */
const furtherAreas = 2;
/** Weights of names. A scope is about one change, a tag about where it was made; a wide name is weaker than a clear word. */
const weights = { scope: 7, tag: 4, plugin: 2 };
/** What a wide name says more as a scope than as a tag. */
const scopeOverTag = 1.6;
/** Each further area that tags name says less than the one before it. */
const perTag = 0.85;

/** A name made of several words can be that of nothing else. */
const namedPlugin = /\b\w{1,30}-[\w-]{1,40} plugins?\b/i;

const mostQuoted = 4;

interface OfSection {
  readonly value: Area;
  readonly weight: number;
  readonly because: string;
}

/** Tags, scopes and sections are few and come again in every version. */
const names = new Kept<(typeof areaNames)[number] | 'none'>(2_000);
const sections = new Kept<readonly OfSection[]>(2_000);
const lexicon = new Lexicon(areaTerms);

interface Weighed {
  readonly value: Area;
  score: number;
  /** Sentences, or words of the text: they are put together for the areas that are shown. */
  readonly because: (string | readonly string[])[];
}

export function areasOf(entry: Entry, type: EntryType): LabelledEntry['areas'] {
  if (type === 'docs') return [{ value: 'docs', because: 'it is of the type docs' }];
  const scores: Weighed[] = [];
  ofScope(entry, scores);
  ofTags(entry, scores);
  if (entry.section !== '')
    for (const { value, weight, because } of ofSection(entry.section)) add(scores, value, weight, because);
  const text = entry.parent === undefined ? entry.text : `${entry.text} ${entry.parent}`;
  for (const { value, score, words } of lexicon.read(text)) add(scores, value, score, words);
  const plugin = text.includes('plugin') ? namedPlugin.exec(text)?.[0] : undefined;
  if (plugin !== undefined) add(scores, 'plugin', weights.plugin, [plugin]);
  scores.sort((a, b) => b.score - a.score);
  const [best, ...others] = scores.slice(0, 1 + furtherAreas).map(labelOf);
  return best === undefined ? [{ value: 'other', because: 'no word names a part of a gateway' }] : [best, ...others];
}

function ofScope({ scope }: Entry, scores: Weighed[]): void {
  if (scope === undefined) return;
  const name = nameOf(scope);
  if (name !== 'none')
    add(scores, name.value, name.wide === undefined ? weights.scope : name.wide * scopeOverTag, `scope: "${scope}"`);
  else if (!shapeless.test(scope))
    add(scores, 'plugin', weights.scope, `scope: "${scope}" is the name of no part, so of a plugin`);
}

/** Several tags of one area are one: a line of nine providers is not nine times about them. */
function ofTags({ tags }: Entry, scores: Weighed[]): void {
  const seen = new Set<Area>();
  for (const tag of tags) {
    const name = nameOf(tag);
    if (name === 'none' || seen.has(name.value)) continue;
    seen.add(name.value);
    add(scores, name.value, (name.wide ?? weights.tag) * perTag ** (seen.size - 1), `tag: "${tag}"`);
  }
}

function nameOf(name: string): (typeof areaNames)[number] | 'none' {
  return names.get(name, () => areaNames.find(({ pattern }) => pattern.test(name)) ?? 'none');
}

function ofSection(section: string): readonly OfSection[] {
  return sections.get(section, () =>
    areaSections.flatMap(({ value, weight, pattern }) => {
      const match = pattern.exec(section);
      return match === null ? [] : [{ value, weight, because: `section: "${match[0]}"` }];
    }),
  );
}

function add(scores: Weighed[], value: Area, score: number, because: string | readonly string[]): void {
  for (const known of scores)
    if (known.value === value) {
      known.score += score;
      known.because.push(because);
      return;
    }
  scores.push({ value, score, because: [because] });
}

function labelOf({ value, because }: Weighed): Label<Area> {
  const told = because.map((one) => (typeof one === 'string' ? one : `text: ${quoted(one)}`));
  return { value, because: told.join(', ') };
}

function quoted(words: readonly string[]): string {
  return words
    .slice(0, mostQuoted)
    .map((word) => `"${word}"`)
    .join(', ');
}

export function pluginOf({ scope, text }: Entry): string {
  if (scope !== undefined && !shapeless.test(scope)) return scope;
  return /\b([\w-]{2,40}) (?:plugin|middleware)\b/i.exec(text)?.[1]?.toLowerCase() ?? 'unnamed';
}
