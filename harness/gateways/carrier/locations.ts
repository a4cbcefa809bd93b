/** Routes of APISIX's layout as what a gateway needs that does not read etcd: paths, where they lead, and as what. */

/** Exact, or all that begins with the path. */
export interface Location {
  readonly path: string;
  readonly exact: boolean;
  /** `host:port`. */
  readonly servers: readonly string[];
  /** What the upstream is asked for; the path as it came when undefined. */
  readonly rewrite: string | undefined;
}

interface Candidate extends Location {
  readonly id: string;
  readonly priority: number;
}

/** Nothing that would end a word, a string or a block of a configuration file, or is a variable there. */
const plain = /^\/[A-Za-z0-9\-._~!&()*+,:@/%=]*$/;
const server = /^[A-Za-z0-9.-]+:\d+$/;

/** `values`: by key. What has no such form, or nobody could use, is left out; of one place the highest priority wins. */
export function locationsOf(values: ReadonlyMap<string, string>, prefix: string): readonly Location[] {
  const start = `${prefix}/routes/`;
  const best = new Map<string, Candidate>();
  for (const [key, value] of values) {
    const candidate = key.startsWith(start) ? read(key.slice(start.length), value) : undefined;
    if (candidate === undefined) continue;
    const place = `${candidate.exact ? '=' : '^~'} ${candidate.path}`;
    const other = best.get(place);
    if (other === undefined || candidate.priority > other.priority) best.set(place, candidate);
  }
  return [...best.values()].map(({ path, exact, servers, rewrite }) => ({ path, exact, servers, rewrite }));
}

function read(id: string, text: string): Candidate | undefined {
  const route = object(parsed(text));
  const uri = route['uri'];
  const known = ['uri', 'priority', 'upstream', 'plugins', 'desc', 'id'];
  if (typeof uri !== 'string' || !plain.test(uri) || Object.keys(route).some((field) => !known.includes(field)))
    return undefined;
  const { priority = 0 } = route;
  const nodes = object(object(route['upstream'])['nodes']);
  const servers = Object.keys(nodes).filter((node) => server.test(node) && nodes[node] !== 0);
  const { 'proxy-rewrite': plugin, ...others } = object(route['plugins'] ?? {});
  const { uri: rewrite, ...more } = object(plugin ?? {});
  const fits = rewrite === undefined || (typeof rewrite === 'string' && plain.test(rewrite));
  if (!fits || servers.length === 0 || typeof priority !== 'number') return undefined;
  if (Object.keys(others).length + Object.keys(more).length > 0) return undefined;
  const exact = !uri.endsWith('*');
  return { id, path: exact ? uri : uri.slice(0, -1), exact, servers, rewrite, priority };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Anything else has no fields. */
function object(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Readonly<Record<string, unknown>>)
    : {};
}
