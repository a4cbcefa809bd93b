/** Texts of the configuration that name variables: taken apart once, filled in for each request. */
import type { RequestContext } from './request-context.ts';

export type Template = (context: RequestContext) => string;

const variable = /\$(?:\{(\w+)\}|(\w+))/;

/** `$name` and `${name}` are filled in; what is not there becomes empty, as in APISIX. */
export function template(text: string): Template {
  // Of each variable three pieces: its name in braces or its name without, and the text up to the next one.
  const [first = '', ...pieces] = text.split(variable);
  if (pieces.length === 0) return () => text;
  const variables = Array.from({ length: pieces.length / 3 }, (_, index) => ({
    name: pieces[3 * index] ?? pieces[3 * index + 1] ?? '',
    behind: pieces[3 * index + 2] ?? '',
  }));
  return (context) => {
    let filled = first;
    for (const { name, behind } of variables) filled += (context.variable(name) ?? '') + behind;
    return filled;
  };
}
