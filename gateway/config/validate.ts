/** From bytes in etcd to configuration objects: what does not fit the schema is refused with the path that is wrong. */
import { Ajv, type ErrorObject, type ValidateFunction } from 'ajv';
import type { Node, Rewrite, Route, Upstream } from './config-objects.ts';
import { routeSchema } from './schemas/route.ts';
import { upstreamSchema } from './schemas/upstream.ts';

/** A larger value is refused unread: etcd itself allows 1.5 MiB, and parsing blocks the requests of this worker. */
const maxBytes = 1_048_576;

/** Why a value does not count. */
export class BadItem extends Error {}

const ajv = new Ajv({ allErrors: false, strict: false });
const validRoute = ajv.compile(routeSchema);
const validUpstream = ajv.compile(upstreamSchema);

interface RawUpstream {
  readonly nodes: readonly { host: string; port?: number; weight: number }[] | Readonly<Record<string, number>>;
  readonly timeout?: { readonly connect: number; readonly read: number };
  readonly pass_host?: Upstream['passHost'];
  readonly upstream_host?: string;
}

interface RawRoute {
  readonly uri?: string;
  readonly uris?: readonly string[];
  readonly host?: string;
  readonly hosts?: readonly string[];
  readonly methods?: readonly string[];
  readonly priority?: number;
  readonly status?: 0 | 1;
  readonly upstream?: RawUpstream;
  readonly upstream_id?: string | number;
  readonly plugins?: {
    readonly 'proxy-rewrite'?: { uri?: string; regex_uri?: readonly [string, string]; host?: string };
  };
}

/** Throws BadItem. */
export function parseRoute(id: string, bytes: Buffer): Route {
  const raw = parsed(bytes, validRoute) as RawRoute;
  const { uri, uris, host, hosts, upstream, upstream_id: upstreamId, plugins } = raw;
  if (upstream === undefined && upstreamId === undefined && plugins === undefined) {
    throw new BadItem('needs "upstream", "upstream_id" or "plugins"');
  }
  return {
    id,
    uris: uris ?? (uri === undefined ? [] : [uri]),
    hosts: (hosts ?? (host === undefined ? [] : [host])).map((name) => name.toLowerCase()),
    methods: raw.methods ?? [],
    priority: raw.priority ?? 0,
    enabled: raw.status !== 0,
    upstream: upstream === undefined ? undefined : upstreamOf(upstream),
    upstreamId: upstreamId === undefined ? undefined : String(upstreamId),
    rewrite: rewriteOf(plugins?.['proxy-rewrite']),
  };
}

/** Throws BadItem. */
export function parseUpstream(bytes: Buffer): Upstream {
  return upstreamOf(parsed(bytes, validUpstream) as RawUpstream);
}

function parsed(bytes: Buffer, valid: ValidateFunction): unknown {
  if (bytes.length > maxBytes) throw new BadItem(`${bytes.length} bytes are more than ${maxBytes}`);
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch (error) {
    throw new BadItem(`no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  if (!valid(value)) throw new BadItem(reason(valid.errors?.[0]));
  return value;
}

function reason(error: ErrorObject | undefined): string {
  if (error === undefined) return 'invalid';
  const field = (error.params as { additionalProperty?: string }).additionalProperty;
  const where = error.instancePath === '' ? 'the object' : error.instancePath;
  return `${where} ${error.message ?? 'is invalid'}${field === undefined ? '' : ` ("${field}")`}`;
}

function upstreamOf({ nodes, timeout, pass_host, upstream_host }: RawUpstream): Upstream {
  if (pass_host === 'rewrite' && upstream_host === undefined) {
    throw new BadItem('/pass_host "rewrite" needs "upstream_host"');
  }
  const list = Array.isArray(nodes)
    ? nodes.map(({ host, port, weight }) => checked({ host, port: port ?? 80, weight }))
    : Object.entries(nodes as Readonly<Record<string, number>>).map(([address, weight]) => nodeAt(address, weight));
  return {
    nodes: list,
    passHost: pass_host ?? 'pass',
    upstreamHost: upstream_host,
    timeout: { connectMs: (timeout?.connect ?? 6) * 1_000, readMs: (timeout?.read ?? 60) * 1_000 },
  };
}

function nodeAt(address: string, weight: number): Node {
  const [, host, port] = /^(\[.+\]|[^:]+)(?::(\d+))?$/.exec(address) ?? [];
  if (host === undefined) throw new BadItem(`node "${address}" is no host:port`);
  return checked({ host, port: port === undefined ? 80 : Number(port), weight });
}

/** What cannot be connected to must be refused here: at a request it would be an exception. */
function checked(node: Node): Node {
  const host = node.host.includes(':') && !node.host.startsWith('[') ? `[${node.host}]` : node.host;
  const address = `http://${host}:${node.port}`;
  // A host that holds a path, a query or a user would silently be another host.
  const usable = !/[/?#@\\\s]/.test(host) && node.port > 0 && URL.canParse(address);
  if (!usable) throw new BadItem(`node "${host}:${node.port}" is no host:port`);
  return node;
}

function rewriteOf(
  raw: { uri?: string; regex_uri?: readonly [string, string]; host?: string } | undefined,
): Rewrite | undefined {
  if (raw === undefined) return undefined;
  return { uri: raw.uri, host: raw.host, regexUri: raw.regex_uri === undefined ? undefined : compiled(raw.regex_uri) };
}

function compiled([pattern, replacement]: readonly [string, string]): { pattern: RegExp; replacement: string } {
  try {
    return { pattern: new RegExp(pattern), replacement };
  } catch (error) {
    throw new BadItem(`regex_uri: ${error instanceof Error ? error.message : String(error)}`);
  }
}
