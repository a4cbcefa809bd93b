/** The configuration of nginx: a part that stays, and the routes, which are written anew for every change. */
import path from 'node:path';
import type { Location } from '../carrier/locations.ts';

export interface NginxPlace {
  /** For everything that nginx reads and writes. */
  readonly folder: string;
  /** Ports on loopback: of the traffic, and of the page that is there once the routes have been read. */
  readonly traffic: number;
  readonly status: number;
  readonly workers: number;
}

export const workerHeader = 'x-gateway-worker';

export function configFile({ folder }: NginxPlace): string {
  return path.join(folder, 'nginx.conf');
}

export function routesFile({ folder }: NginxPlace): string {
  return path.join(folder, 'routes.conf');
}

export function pidFile({ folder }: NginxPlace): string {
  return path.join(folder, 'nginx.pid');
}

/** `user`: who the workers are, when the main process may choose; itself otherwise. */
export function mainConfig(place: NginxPlace, user: string | undefined): string {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  return `${user === undefined ? '' : `user ${user};\n`}daemon off;
worker_processes ${place.workers};
# Old workers end with their last request, or then: a client may hold a connection for ever.
worker_shutdown_timeout 5s;
pid ${pidFile(place)};
error_log stderr warn;
events { worker_connections 4096; }
http {
  access_log off;
  default_type text/plain;
  server_tokens off;
  keepalive_timeout 75s;
  keepalive_requests 100000000;
${temporary.map((name) => `  ${name}_temp_path ${path.join(place.folder, name)};`).join('\n')}
  proxy_http_version 1.1;
  proxy_set_header Connection "";
  proxy_set_header Host $http_host;
  proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
  include ${routesFile(place)};
}
`;
}

/** Before anything is known of the routes: nothing is served, and the status page is not there. */
export function noRoutes({ traffic }: NginxPlace): string {
  return `server { listen 127.0.0.1:${traffic}; location / { return 503; } }\n`;
}

export function routesConfig({ traffic, status }: NginxPlace, locations: readonly Location[]): string {
  const pools = new Map<string, string>();
  for (const { servers } of locations) {
    const key = servers.join(' ');
    if (!pools.has(key)) pools.set(key, `pool-${pools.size}`);
  }
  const upstreams = [...pools].map(([servers, name]) => {
    const lines = servers.split(' ').map((server) => `server ${server};`);
    return `upstream ${name} { ${lines.join(' ')} keepalive 128; keepalive_requests 100000000; }`;
  });
  const blocks = locations.map(({ path, exact, servers, rewrite = '' }) => {
    const pool = pools.get(servers.join(' ')) ?? '';
    return `  location ${exact ? '=' : '^~'} "${path}" { proxy_pass "http://${pool}${rewrite}"; }`;
  });
  return `${upstreams.join('\n')}
server {
  listen 127.0.0.1:${traffic};
  add_header ${workerHeader} $pid always;
${blocks.join('\n')}
  location / { return 404; }
}
server { listen 127.0.0.1:${status}; location = /ready { return 200 ready; } }
`;
}
