/** A rule of the classifier is data: where it looks, what it looks for, what it says, and why, in words. */
import type { Entry } from '../../model/changelog.ts';

/** `written` is the text with its capitals; all other places are in lower case, and so are patterns. */
export type Place = 'mark' | 'prefix' | 'scope' | 'tag' | 'section' | 'text' | 'written';

export interface Rule<T> {
  readonly value: T;
  readonly place: Place;
  readonly pattern: RegExp;
  /** Ends the sentence "…, because …"; the words that were found are put after it. */
  readonly because: string;
  /** One of these is in every text that it fits: far quicker to look for. */
  readonly needs?: readonly string[];
  /** Words beside which it says nothing. */
  readonly unless?: RegExp;
}

/** The texts of an entry by the place where a rule looks, made once for all rules. */
export interface Places {
  readonly mark: readonly string[];
  readonly prefix: string | undefined;
  readonly scope: string | undefined;
  readonly tag: readonly string[];
  readonly section: string;
  readonly text: string;
  readonly written: string;
}

/** The words of an address are not the line's own. */
const addresses = /\bhttps?:\/\/\S+/g;

/** A nested line means what its parent says of it too; its own words come first. */
export function placesOf({ marks, prefix, scope, tags, section, text, parent }: Entry): Places {
  const written = (parent === undefined ? text : `${text} (${parent})`).replaceAll(addresses, ' ');
  return {
    mark: marks,
    prefix,
    scope,
    tag: tags,
    section: section.toLowerCase(),
    text: written.toLowerCase(),
    written,
  };
}

/** The words that were found, or undefined. Patterns are without nested repetition: their time grows with the text alone. */
export function found({ place, pattern, needs }: Rule<unknown>, places: Places): string | undefined {
  const where = places[place];
  if (where === undefined || where === '') return undefined;
  if (typeof where === 'string') {
    const possible = needs === undefined || needs.some((part) => where.includes(part));
    return possible ? pattern.exec(where)?.[0] : undefined;
  }
  return where.find((one) => pattern.test(one));
}

export function reason(rule: Pick<Rule<unknown>, 'because' | 'place'>, words: string): string {
  return `${rule.because} (${rule.place === 'written' ? 'text' : rule.place}: "${words.trim().slice(0, 60)}")`;
}
