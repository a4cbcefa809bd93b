/** What PATCH means: a JSON Merge Patch (RFC 7396), or a value for one place in the object. */

/** Objects are merged, `null` deletes, everything else replaces. */
export function mergePatch(target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch;
  const merged = new Map(isObject(target) ? Object.entries(target) : []);
  for (const [name, value] of Object.entries(patch)) {
    if (value === null) merged.delete(name);
    else merged.set(name, mergePatch(merged.get(name), value));
  }
  return Object.fromEntries(merged);
}

/** The object with that value at the path, such as `['upstream', 'nodes']`; what is missing on the way is made. */
export function replaceAt(target: unknown, path: readonly string[], value: unknown): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return value;
  const entries = new Map(isObject(target) ? Object.entries(target) : []);
  return Object.fromEntries(entries.set(name, replaceAt(entries.get(name), rest, value)));
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
