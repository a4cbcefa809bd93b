/** The path of a route, as a tree takes it. */

export interface RoutePath {
  /** Literal texts and parameters. */
  readonly steps: readonly string[];
  /** Whether anything may follow. */
  readonly open: boolean;
}

/** No literal text is this: a literal begins with a slash. */
export const parameter = ':';

/**
 * `/a/:id/b*` is `/a/`, a parameter, `/b`, and open. What stands behind a star in the last segment is a name for what
 * the star takes (`/files/*path`), as in lua-resty-radixtree; in a parameter a star is a letter of its name.
 */
export function parseRoutePath(uri: string): RoutePath {
  const segment = uri.lastIndexOf('/') + 1;
  const star = uri.startsWith(':', segment) ? -1 : uri.indexOf('*', segment);
  const whole = star < 0 ? uri : uri.slice(0, star);
  return { steps: whole.split(/(?<=\/)(:)[^/]*/).filter((step) => step !== ''), open: star >= 0 };
}
