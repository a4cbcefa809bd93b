/** Kong without a database: what it is told when it starts, and all of its routes, which it gets anew for every change. */
import type { Location } from '../carrier/locations.ts';

/** On loopback. */
export interface KongPorts {
  readonly traffic: number;
  readonly admin: number;
  readonly status: number;
}

const host = '127.0.0.1';

export function kongEnvironment(workers: number, ports: KongPorts): Readonly<Record<string, string>> {
  return {
    KONG_DATABASE: 'off',
    KONG_NGINX_WORKER_PROCESSES: String(workers),
    KONG_PROXY_LISTEN: `${host}:${ports.traffic}`,
    KONG_ADMIN_LISTEN: `${host}:${ports.admin}`,
    KONG_STATUS_LISTEN: `${host}:${ports.status}`,
    KONG_PROXY_ACCESS_LOG: 'off',
    KONG_PROXY_ERROR_LOG: '/dev/stderr',
    KONG_ADMIN_ACCESS_LOG: 'off',
    KONG_ANONYMOUS_REPORTS: 'off',
    // Routes whose paths are regular expressions begin with a tilde; these are looked up as they are.
    KONG_ROUTER_FLAVOR: 'traditional_compatible',
  };
}

/** What `POST /config` of its Admin API takes: a service for each route, since where a path leads is the service's. */
export function declarativeConfig(locations: readonly Location[]): object {
  return {
    _format_version: '3.0',
    _transform: true,
    services: locations.map(({ path, exact, servers: [server = ''], rewrite }, index) => ({
      name: `s${index}`,
      url: `http://${server}${rewrite ?? ''}`,
      routes: [
        {
          name: `r${index}`,
          paths: [exact ? `~${escaped(path)}$` : path],
          strip_path: rewrite !== undefined,
          preserve_host: true,
        },
      ],
    })),
  };
}

function escaped(path: string): string {
  return path.replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`);
}
