/** The path of a route, as a tree takes it. */

export interface RoutePath {
  /** Literal texts and parameters. */
  readonly steps: readonly string[];
  /** Whether anything may follow: it ends in `*`. */
  readonly open: boolean;
}

/** No literal text is this: a literal begins with a slash. */
export const parameter = ':';

/** `/a/:id/b*` is `/a/`, a parameter, `/b`, and open. */
export function parseRoutePath(uri: string): RoutePath {
  const open = uri.endsWith('*');
  const whole = open ? uri.slice(0, -1) : uri;
  return { steps: whole.split(/(?<=\/)(:)[^/]*/).filter((step) => step !== ''), open };
}
