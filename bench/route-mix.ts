/** Route tables as gateways have them: exact paths, prefixes and parameters over many hosts, and requests for them. */
import type { ConfigChange, Route } from '../gateway/config/config-objects.ts';
import { routeKind } from '../gateway/config/kinds/route.ts';
import type { MatchRequest } from '../gateway/routing/router.ts';

const methods = ['GET', 'POST', 'PUT', 'DELETE'];

export interface Sample {
  readonly route: Route;
  /** A request that this route answers. */
  readonly request: MatchRequest;
}

/** 40 % exact, 30 % prefix, 20 % one parameter, 10 % two; four methods; one host per 100 routes. */
export function sampleRoute(index: number, size: number): Sample {
  const host = `h${index % Math.max(1, Math.floor(size / 100))}.example.com`;
  const method = methods[index % methods.length] ?? 'GET';
  const [uri, path] = paths(index);
  return { route: routeAt(`r${index}`, uri, host, method), request: { method, host, path, variable: () => undefined } };
}

function paths(index: number): readonly [string, string] {
  const [team, name] = [`team${index % 97}`, `svc${index}`];
  // A step that shares no factor with the number of hosts, so that each host gets every kind of path.
  const kind = Math.floor(index / 7) % 10;
  if (kind < 4) return [`/api/${team}/${name}/list`, `/api/${team}/${name}/list`];
  if (kind < 7) return [`/api/${team}/${name}/*`, `/api/${team}/${name}/some/page`];
  if (kind < 9) return [`/api/${team}/:id/${name}`, `/api/${team}/42/${name}`];
  return [`/api/:team/:id/${name}`, `/api/blue/42/${name}`];
}

function routeAt(id: string, uri: string, host: string, method: string): Route {
  const raw = { uri, host, methods: [method], upstream: { nodes: { '127.0.0.1:1980': 1 } } };
  return routeKind.read(id, raw as never);
}

export function put(value: Route): ConfigChange {
  return { kind: 'route', op: 'put', id: value.id, value };
}

/** The same sample with a request of its own, each text in one piece in memory, as the HTTP parser hands it over. */
export function fresh({ route, request }: Sample): Sample {
  return { route, request: { ...request, host: inOnePiece(request.host), path: inOnePiece(request.path) } };
}

function inOnePiece(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}
