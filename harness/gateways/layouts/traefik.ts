/**
 * The layout of Traefik's KV providers: a key for every field, below a root key that has no slash in front
 * (github.com/kvtools/etcdv3 takes it away).
 */
import type { Change, Layout, RouteKeys, StoredKey } from '../../model/layout.ts';
import { type TraefikRoute, readRoute } from './traefik-route.ts';

export const traefikLayout: Layout = {
  root: (prefix) => `${traefikRootKey(prefix)}/`,

  route(prefix, { id, path, seq, upstream, priority, valueBytes = 0 }) {
    const route: TraefikRoute = {
      // Blanks behind a rule mean nothing.
      rule: `Path(\`${path}\`)`.padEnd(valueBytes),
      ...(priority === undefined ? {} : { priority }),
      servers: [upstream.host],
      rewrite: { 'replacepath/path': `/seq/${seq}` },
    };
    return keysOf(prefix, id, route);
  },

  object(prefix, key, value) {
    const id = /^routes\/([^/]+)$/.exec(key)?.[1];
    const route = value === null || id === undefined ? undefined : readRoute(value);
    if (id === undefined || (value !== null && route === undefined)) return undefined;
    const puts: readonly Change[] = route === undefined ? [] : keysOf(prefix, id, route);
    const put = new Set(puts.map((each) => each.key));
    // What an earlier form of the object had and this has not.
    return [...puts, ...allKeys(prefix, id).flatMap((each) => (put.has(each) ? [] : [{ key: each }]))];
  },
};

/** What `--providers.etcd.rootkey` has to be. */
export function traefikRootKey(prefix: string): string {
  return prefix.slice(1);
}

function keysOf(prefix: string, id: string, { rule, priority, servers, rewrite }: TraefikRoute): RouteKeys {
  const { router, middleware, service } = placesOf(prefix, id);
  const steps = Object.entries(rewrite);
  const more: Readonly<Record<string, string>> = {
    [`${router}/service`]: id,
    ...(priority === undefined ? {} : { [`${router}/priority`]: String(priority) }),
    ...(steps.length === 0 ? {} : { [`${router}/middlewares/0`]: id }),
    ...Object.fromEntries(steps.map(([field, value]) => [`${middleware}/${field}`, value])),
    ...Object.fromEntries(servers.map((server, index) => [serverKey(service, index), `http://${server}`])),
  };
  return [
    { key: `${router}/rule`, value: rule },
    ...Object.entries(more).map(([key, value]): StoredKey => ({ key, value })),
  ];
}

/** All that a route may have. */
function allKeys(prefix: string, id: string): readonly string[] {
  const { router, middleware, service } = placesOf(prefix, id);
  return [
    ...['rule', 'service', 'priority', 'middlewares/0'].map((field) => `${router}/${field}`),
    ...['replacepath/path', 'replacepathregex/regex', 'replacepathregex/replacement'].map(
      (field) => `${middleware}/${field}`,
    ),
    ...[0, 1].map((index) => serverKey(service, index)),
  ];
}

function placesOf(prefix: string, id: string): Readonly<Record<'router' | 'middleware' | 'service', string>> {
  const http = `${traefikRootKey(prefix)}/http`;
  return {
    router: `${http}/routers/${id}`,
    middleware: `${http}/middlewares/${id}`,
    service: `${http}/services/${id}`,
  };
}

function serverKey(service: string, index: number): string {
  return `${service}/loadbalancer/servers/${index}/url`;
}
