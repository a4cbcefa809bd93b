/** Texts of the configuration that name variables: taken apart once, filled in for each request. */
import type { RequestContext } from './request-context.ts';

export type Template = (context: RequestContext) => string;

/** How the value of a variable is put into the text. */
type Write = (value: string, name: string) => string;

const variable = /\$(?:\{(\w+)\}|(\w+))/;

/** `$name` and `${name}` are filled in; what is not there becomes empty, as in APISIX. */
export function template(text: string, write: Write = asItIs): Template {
  // Of each variable three pieces: its name in braces or its name without, and the text up to the next one.
  const [first = '', ...pieces] = text.split(variable);
  if (pieces.length === 0) return () => text;
  const variables = Array.from({ length: pieces.length / 3 }, (_, index) => ({
    name: pieces[3 * index] ?? pieces[3 * index + 1] ?? '',
    behind: pieces[3 * index + 2] ?? '',
  }));
  return (context) => {
    let filled = first;
    for (const { name, behind } of variables) filled += write(context.variable(name) ?? '', name) + behind;
    return filled;
  };
}

/** What was decoded for plugins and conditions goes into a header as the bytes that it was: there a character is a byte. */
export function writtenInHeader(value: string, name: string): string {
  return name === 'uri' || name.startsWith('arg_') ? Buffer.from(value).toString('latin1') : value;
}

function asItIs(value: string): string {
  return value;
}
