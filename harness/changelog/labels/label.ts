/** Puts the labels on a line, each with its reason. */
import type { Breaking, Entry, EntryType, Label, LabelledEntry } from '../../model/changelog.ts';
import { areasOf, pluginOf } from './areas.ts';
import { harmless, harmlessWords, marks, suspicions, type Suspicion } from './breaking-rules.ts';
import { claimsOf } from './claims.ts';
import { Kept } from './kept.ts';
import { found, placesOf, reason, type Places, type Rule } from './rule.ts';
import { overruled, said, verbs } from './type-rules.ts';

type Labels = Pick<LabelledEntry, 'type' | 'areas' | 'breaking' | 'plugin' | 'claims'>;

/** Half of the lines of a file with several release lines are in it more than once. */
const known = new Kept<Labels>(10_000);

export function label(entry: Entry & { readonly alsoIn?: readonly string[] }): LabelledEntry {
  const key = `${namesOf(entry)}\n${entry.text}\n${entry.parent ?? ''}`;
  return { ...entry, alsoIn: entry.alsoIn ?? [], ...known.get(key, () => labelsOf(entry)) };
}

/** All that is said of a line around it. It has few different values, so what follows from it is found once. */
function namesOf({ section, prefix = '', scope = '', marks, tags }: Entry): string {
  return `${section}\n${prefix}\n${scope}\n${marks.join(',')}\n${tags.join(',')}`;
}

function labelsOf(entry: Entry): Labels {
  const places = placesOf(entry);
  const around = saidAround.get(namesOf(entry), () => ({
    type: first(said, places),
    mark: first(marksAround, places),
  }));
  const type = typeOf(places, around.type);
  const areas = areasOf(entry, type.value);
  return {
    type,
    areas,
    breaking: breakingOf(places, type.value, around.mark),
    ...(areas[0].value === 'plugin' ? { plugin: pluginOf(entry) } : {}),
    claims: claimsOf(places.text, type.value, areas[0].value),
  };
}

type Told<T> = readonly [rule: Rule<T>, words: string] | undefined;

const saidAround = new Kept<{ readonly type: Told<EntryType>; readonly mark: Told<Breaking> }>(2_000);
const marksAround = marks.filter(({ place }) => place !== 'text');
const marksWithin = marks.filter(({ place }) => place === 'text');

function typeOf(places: Places, [told, match]: Told<EntryType> | readonly [] = []): Label<EntryType> {
  const ofSection = told?.place === 'section' && !places.text.startsWith('fix');
  for (const rule of overruled) {
    if (!rule.over.includes(told?.value) || (rule.onlySection === true && !ofSection)) continue;
    const words = found(rule, places);
    if (words !== undefined && rule.unless?.test(places.text) !== true)
      return { value: rule.value, because: reason(rule, words) };
  }
  if (told !== undefined && match !== undefined) return { value: told.value, because: reason(told, match) };
  const [verb, words] = first(verbs, places) ?? [];
  if (verb !== undefined && words !== undefined) return { value: verb.value, because: reason(verb, words) };
  return { value: 'change', because: 'nothing says what kind of change it is' };
}

function first<R extends Rule<unknown>>(rules: readonly R[], places: Places): readonly [R, string] | undefined {
  for (const rule of rules) {
    const match = found(rule, places);
    if (match !== undefined) return [rule, match];
  }
  return undefined;
}

function breakingOf(places: Places, type: EntryType, around: Told<Breaking>): Label<Breaking> {
  // What is written about a breaking change breaks nothing.
  const marked = around ?? (type === 'docs' ? undefined : first(marksWithin, places));
  if (marked !== undefined) return { value: marked[0].value, because: reason(...marked) };
  const changed = toldOfChange(places);
  for (const rule of suspicions) {
    const words = suspicious(rule, places, changed, type);
    if (words !== undefined && !harmlessWords.test(places.text))
      return { value: rule.value, because: reason(rule, words) };
  }
  return { value: 'no', because: 'no mark, and no word of a change that breaks' };
}

/**
 * "Fixed an issue where …" tells the fault, whose words are not those of the change: only what comes after that sentence
 * is. All else counts whole.
 */
const fault = /^fix(?:e[sd])?:? (?:an? |the )?(?:\w+ )?(?:issue|bug|problem|error|race|regression|defect)s?\b/;

function toldOfChange(places: Places): Places {
  if (!fault.test(places.text)) return places;
  const end = places.text.search(/[.;] (?=\S)/);
  return {
    ...places,
    text: end === -1 ? '' : places.text.slice(end + 2),
    written: end === -1 ? '' : places.written.slice(end + 2),
  };
}

function suspicious(rule: Suspicion, whole: Places, changed: Places, type: EntryType): string | undefined {
  if (rule.types === undefined ? harmless.includes(type) : !rule.types.includes(type)) return undefined;
  if (rule.below?.test(whole.section) === false) return undefined;
  const words = found(rule, changed);
  // Last, since almost no line gets here.
  return words === undefined || rule.unless?.test(whole.text) === true ? undefined : words;
}
