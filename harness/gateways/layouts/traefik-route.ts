/** A route of APISIX's layout as Traefik would have it, where it can. */
import type { StoredValue } from '../../../scenarios/conformance.ts';

export interface TraefikRoute {
  readonly rule: string;
  readonly priority?: number;
  /** `host:port`, two at most. */
  readonly servers: readonly string[];
  /** Fields of the middleware before the service; none when the path stays as it is. */
  readonly rewrite: Readonly<Record<string, string>>;
}

/** Fields that have an equivalent; `enable_websocket` is how Traefik always is. */
const fields = ['host', 'hosts', 'uri', 'uris', 'methods', 'priority', 'upstream', 'plugins', 'enable_websocket'];

/** Undefined when Traefik has nothing like it. */
export function readRoute(value: StoredValue): TraefikRoute | undefined {
  if (typeof value === 'string' || Object.keys(value).some((field) => !fields.includes(field))) return undefined;
  const servers = serversOf(value['upstream']);
  const rewrite = rewriteOf(value['plugins'] ?? {});
  const paths = textsOf(value['uri'], value['uris']);
  if (servers === undefined || rewrite === undefined || paths.length === 0) return undefined;
  const hosts = textsOf(value['host'], value['hosts']);
  // Traefik has wildcards in hosts only as patterns, with other rules of who wins.
  if (hosts.some((host) => host.includes('*'))) return undefined;
  const rule = [
    anyOf(hosts.map((host) => `Host(\`${host}\`)`)),
    anyOf(textsOf(undefined, value['methods']).map((method) => `Method(\`${method}\`)`)),
    anyOf(paths.map(pathMatcher)),
  ];
  const priority = value['priority'];
  return {
    rule: rule.filter((part) => part !== '').join(' && '),
    ...(typeof priority === 'number' ? { priority } : {}),
    servers,
    rewrite,
  };
}

function textsOf(one: unknown, many: unknown): readonly string[] {
  const all: readonly unknown[] = Array.isArray(many) ? many : [one];
  return all.filter((each) => typeof each === 'string');
}

function anyOf(matchers: readonly string[]): string {
  return matchers.length > 1 ? `(${matchers.join(' || ')})` : matchers.join('');
}

function pathMatcher(uri: string): string {
  if (uri.endsWith('*')) return `PathPrefix(\`${uri.slice(0, -1)}\`)`;
  if (!uri.includes(':')) return `Path(\`${uri}\`)`;
  return `PathRegexp(\`^${uri.replaceAll('.', String.raw`\.`).replaceAll(/:[^/]+/g, '[^/]+')}$\`)`;
}

function serversOf(upstream: unknown): readonly string[] | undefined {
  const { nodes } = (upstream ?? {}) as { readonly nodes?: unknown };
  if (typeof nodes !== 'object' || nodes === null) return undefined;
  const listed = nodes as readonly { readonly host: string; readonly port: number }[];
  return Array.isArray(nodes) ? listed.map(({ host, port }) => `${host}:${port}`) : Object.keys(nodes);
}

function rewriteOf(plugins: unknown): TraefikRoute['rewrite'] | undefined {
  const { 'proxy-rewrite': rewrite, ...others } = plugins as Readonly<Record<string, unknown>>;
  if (Object.keys(others).length > 0) return undefined;
  if (rewrite === undefined) return {};
  const { uri, regex_uri: pattern, ...more } = rewrite as Readonly<Record<string, unknown>>;
  if (Object.keys(more).length > 0) return undefined;
  if (typeof uri === 'string') return { 'replacepath/path': uri };
  const [regex, replacement] = textsOf(undefined, pattern);
  if (regex === undefined || replacement === undefined) return undefined;
  return { 'replacepathregex/regex': regex, 'replacepathregex/replacement': replacement };
}
