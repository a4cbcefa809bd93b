/** Arguments of a query, as `arg_name` asks for them. */

/** They may stand in names, too. */
const escape = /[%+]/;

/** The first argument of that name, decoded. `query` is empty or begins with its question mark. */
export function queryArgument(query: string, name: string): string | undefined {
  // Most queries have nothing to decode, and the parser would make a list of all their arguments for each request.
  if (escape.test(query)) return new URLSearchParams(query).get(name) ?? undefined;
  for (let start = 1; start < query.length;) {
    const ampersand = query.indexOf('&', start);
    const end = ampersand < 0 ? query.length : ampersand;
    const equals = query.indexOf('=', start);
    const nameEnd = equals < 0 || equals > end ? end : equals;
    // Nothing between two ampersands is no argument, not one without a name.
    if (end > start && nameEnd - start === name.length && query.startsWith(name, start)) {
      return query.slice(Math.min(nameEnd + 1, end), end);
    }
    start = end + 1;
  }
  return undefined;
}
