/** A rule of the classifier is data: where it looks, what it looks for, what it says, and why, in words. */
import type { Entry } from '../../model/changelog.ts';

export type Place = 'mark' | 'prefix' | 'scope' | 'tag' | 'section' | 'text';

export interface Rule<T> {
  readonly value: T;
  readonly place: Place;
  readonly pattern: RegExp;
  /** Ends the sentence "…, because …"; the words that were found are put after it. */
  readonly because: string;
}

/** The texts of an entry by the place where a rule looks, made once for all rules. */
export type Places = Readonly<Record<Place, readonly string[]>>;

/** A nested line means what its parent says of it too; its own words come first. */
export function placesOf({ marks, prefix, scope, tags, section, text, parent }: Entry): Places {
  return {
    mark: marks,
    prefix: prefix === undefined ? [] : [prefix],
    scope: scope === undefined ? [] : [scope],
    tag: tags,
    section: section === '' ? [] : [section],
    text: [parent === undefined ? text : `${text} (${parent})`],
  };
}

/** The words that were found, or undefined. Patterns are without nested repetition: their time grows with the text alone. */
export function found(
  { place, pattern }: Pick<Rule<unknown>, 'place' | 'pattern'>,
  places: Places,
): RegExpExecArray | undefined {
  for (const text of places[place]) {
    const match = pattern.exec(text);
    if (match !== null) return match;
  }
  return undefined;
}

export function reason(rule: Pick<Rule<unknown>, 'because' | 'place'>, match: RegExpExecArray): string {
  return `${rule.because} (${rule.place}: "${match[0].trim().slice(0, 60)}")`;
}
