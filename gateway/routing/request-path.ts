/** The path as routes are matched against it: what nginx calls `$uri`, which is what APISIX matches. */

/** Most paths have nothing to decode, merge or resolve. `/.well-known` is taken the long way, to the same end. */
const special = /%|\/[/.]/;

/**
 * Decoded (`%2F` becomes a slash), repeated slashes merged, `.` and `..` resolved. Undefined for what has no such form:
 * a bad escape, a path that climbs above the root, or one that does not begin with a slash. The upstream gets the path
 * as the client sent it; this is for matching only.
 */
export function matchedPath(path: string): string | undefined {
  if (!path.startsWith('/')) return undefined;
  if (!special.test(path)) return path;
  const decoded = decode(path);
  if (decoded === undefined) return undefined;
  const segments: string[] = [];
  const parts = decoded.split('/');
  for (const [index, part] of parts.entries()) {
    const last = index === parts.length - 1;
    if (part === '..' && segments.pop() === undefined) return undefined;
    if (part !== '' && part !== '.' && part !== '..') segments.push(part);
    // A trailing slash, dot or double dot names a folder, and a folder's path ends in a slash.
    else if (last && segments.length > 0) segments.push('');
  }
  return `/${segments.join('/')}`;
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
