/** Puts the labels on a line, each with its reason. */
import type { Area, Breaking, Entry, EntryType, Label, LabelledEntry } from '../../model/changelog.ts';
import { areaRules, shapeless } from './area-rules.ts';
import { harmless, harmlessWords, marks, suspicions, type Suspicion } from './breaking-rules.ts';
import { claimsOf } from './claims.ts';
import { found, placesOf, reason, type Places, type Rule } from './rule.ts';
import { overruled, said, verbs } from './type-rules.ts';

/** Areas beside the first that a line is worth trying in. */
const furtherAreas = 2;

export function label(entry: Entry & { readonly alsoIn?: readonly string[] }): LabelledEntry {
  const places = placesOf(entry);
  const type = typeOf(entry, places);
  const areas = areasOf(entry, places, type.value);
  const plugin = areas[0].value === 'plugin' ? pluginOf(entry) : undefined;
  return {
    ...entry,
    alsoIn: entry.alsoIn ?? [],
    type,
    areas,
    breaking: breakingOf(entry, places, type.value),
    ...(plugin === undefined ? {} : { plugin }),
    claims: claimsOf(entry, type.value, areas[0].value),
  };
}

function typeOf({ text }: Entry, places: Places): Label<EntryType> {
  const [told, match] = first(said, places) ?? [];
  const ofSection = told?.place === 'section' && !/^fix/i.test(text);
  for (const rule of overruled) {
    if (!rule.over.includes(told?.value) || (rule.onlySection === true && !ofSection)) continue;
    const words = found(rule, places);
    if (words !== undefined) return { value: rule.value, because: reason(rule, words) };
  }
  if (told !== undefined && match !== undefined) return { value: told.value, because: reason(told, match) };
  const [verb, words] = first(verbs, places) ?? [];
  if (verb !== undefined && words !== undefined) return { value: verb.value, because: reason(verb, words) };
  return { value: 'change', because: 'nothing says what kind of change it is' };
}

function first<R extends Rule<unknown>>(
  rules: readonly R[],
  places: Places,
): readonly [R, RegExpExecArray] | undefined {
  for (const rule of rules) {
    const match = found(rule, places);
    if (match !== undefined) return [rule, match];
  }
  return undefined;
}

interface Candidate extends Label<Area> {
  readonly weight: number;
  readonly at: number;
}

function areasOf({ scope }: Entry, places: Places, type: EntryType): LabelledEntry['areas'] {
  if (type === 'docs') return [{ value: 'docs', because: 'it is of the type docs' }];
  const candidates: Candidate[] = [];
  for (const rule of areaRules) {
    // They are sorted: where a word that means one thing was found, those that may mean another say nothing.
    if (rule.weight === 1 && candidates.some(({ weight }) => weight > 2)) break;
    const match = found(rule, places);
    if (match === undefined) continue;
    const { value, weight, place } = rule;
    const because = `${place}: "${match[0].slice(0, 60)}"`;
    candidates.push({ value, weight, at: place === 'text' ? match.index : 0, because });
  }
  const named = candidates.some(({ because }) => because.startsWith('scope: '));
  if (scope !== undefined && !named && !shapeless.test(scope))
    candidates.push({
      value: 'plugin',
      weight: 4,
      at: 0,
      because: `scope: "${scope}" is the name of no part, so of a plugin`,
    });
  const ranked = candidates.toSorted((a, b) => b.weight - a.weight || a.at - b.at);
  const once = ranked.filter(({ value }, i) => ranked.findIndex((one) => one.value === value) === i);
  const [best, ...others] = once.map(({ value, because }) => ({ value, because }));
  if (best === undefined) return [{ value: 'other', because: 'no word names a part of a gateway' }];
  return [best, ...others.slice(0, furtherAreas)];
}

function pluginOf({ scope, text }: Entry): string {
  if (scope !== undefined && !shapeless.test(scope)) return scope;
  return /\b([\w-]{2,40}) (?:plugin|middleware)\b/i.exec(text)?.[1]?.toLowerCase() ?? 'unnamed';
}

function breakingOf(entry: Entry, places: Places, type: EntryType): Label<Breaking> {
  const [mark, sign] = first(marks, places) ?? [];
  // What is written about a breaking change breaks nothing.
  const written = mark?.place === 'text' && type === 'docs';
  if (mark !== undefined && sign !== undefined && !written) return { value: mark.value, because: reason(mark, sign) };
  if (!harmless.includes(type)) {
    const changed = toldOfChange(places);
    for (const rule of suspicions) {
      const words = suspicious(rule, entry, changed, type);
      if (words !== undefined && !harmlessWords.test(entry.text))
        return { value: rule.value, because: reason(rule, words) };
    }
  }
  return { value: 'no', because: 'no mark, and no word of a change that breaks' };
}

/**
 * "Fixed an issue where …" tells the fault, whose words are not those of the change: only what comes after that sentence
 * is. All else counts whole.
 */
const fault = /^fix(?:e[sd])?:? (?:an? |the )?(?:\w+ )?(?:issue|bug|problem|error|race|regression|defect)s?\b/i;

function toldOfChange(places: Places): Places {
  const text = places.text.map((line) => {
    if (!fault.test(line)) return line;
    const end = line.search(/[.;] (?=\S)/);
    return end === -1 ? '' : line.slice(end + 2);
  });
  return { ...places, text };
}

function suspicious(
  rule: Suspicion,
  { text, section }: Entry,
  places: Places,
  type: EntryType,
): RegExpExecArray | undefined {
  if (rule.types !== undefined && !rule.types.includes(type)) return undefined;
  if (rule.below?.test(section) === false) return undefined;
  const words = found(rule, places);
  // Last, since almost no line gets here.
  return words === undefined || rule.unless?.test(text) === true ? undefined : words;
}
