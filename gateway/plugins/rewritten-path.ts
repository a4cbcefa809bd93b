/** Paths that plugins make of the path that was matched. What was decoded for that is encoded again. */
import { compilePattern } from '../routing/vars.ts';

/** How a text of the request is put into what is made of it. */
type Write = (text: string) => string;

const plain = /^[\w\-.~!$&'()*+,;=:@/]*$/;

/** As it may stand in a path (RFC 3986 §3.3): a question mark that was part of it does not begin a query. */
export function encodedPath(text: string): string {
  if (plain.test(text)) return text;
  return encodeURI(text.toWellFormed()).replaceAll('?', '%3F').replaceAll('#', '%23');
}

export function asItIs(text: string): string {
  return text;
}

interface Rule {
  readonly pattern: RegExp;
  /** Texts, and numbers of groups. */
  readonly parts: readonly (string | number)[];
}

/**
 * `regex_uri`: patterns and replacements in turn, in which `$1` and `${1}` are groups and `$$` is a dollar. The first
 * pattern that fits decides; undefined when none does. Throws BadItem.
 */
export function pathRewrite(list: readonly string[], write: Write): (path: string) => string | undefined {
  const rules = Array.from({ length: Math.floor(list.length / 2) }, (_, index): Rule => ({
    pattern: compilePattern('/regex_uri', list[2 * index] ?? ''),
    parts: partsOf(list[2 * index + 1] ?? ''),
  }));
  return (path) => {
    for (const { pattern, parts } of rules) {
      const found = pattern.exec(path);
      if (found === null) continue;
      const [whole = ''] = found;
      let made = write(path.slice(0, found.index));
      for (const part of parts) made += typeof part === 'string' ? part : write(found[part] ?? '');
      return made + write(path.slice(found.index + whole.length));
    }
    return undefined;
  };
}

function partsOf(replacement: string): readonly (string | number)[] {
  return replacement.split(/(\$\$|\$\d+|\$\{\d+\})/).map((piece, index) => {
    // Every other piece is what separates the texts.
    if (index % 2 === 0) return piece;
    return piece === '$$' ? '$' : Number(piece.replaceAll(/\D/g, ''));
  });
}
