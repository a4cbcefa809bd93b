/** The known word that an unknown one was probably meant to be. */
import { closest, distance } from 'fastest-levenshtein';

/** `unknown scenario "rute-flood"; did you mean "route-flood"?`, or the list of what is known. */
export function unknownWord(what: string, word: string, known: readonly string[]): string {
  const near = known.length === 0 ? undefined : closest(word, known);
  // Further than half of its letters away it is a guess that misleads more than it helps.
  const close = near !== undefined && distance(word, near) <= Math.max(2, Math.ceil(near.length / 2));
  const hint = close ? `did you mean "${near}"?` : `known: ${known.join(', ')}`;
  return `unknown ${what} "${word}"; ${hint}`;
}
