/** nginx as upstream and as reference proxy: kept-alive connections both ways, or the reference would be a cripple. */
import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type PinnedProcess, accepts, startPinned } from './pinned-process.ts';

export function findNginx(): string | undefined {
  const places = [...(process.env['PATH'] ?? '').split(':'), '/usr/sbin', '/usr/local/sbin'];
  return places.map((folder) => path.join(folder, 'nginx')).find((file) => existsSync(file));
}

export function nginxVersion(binary: string): string {
  return execFileSync('sh', ['-c', `"$0" -v 2>&1`, binary], { encoding: 'utf8' }).trim().replace(/^.*: /, '');
}

/** Answers every request with a body of that size. Above 1 KB to GET only: then it comes from a file. */
export function startNginxUpstream(
  binary: string,
  core: number,
  folder: string,
  port: number,
  bytes = 1_024,
): Promise<PinnedProcess> {
  const text = 'x'.repeat(bytes);
  if (bytes > 1_024) {
    writeFileSync(path.join(folder, `${bytes}.txt`), text);
    // nginx reads it as another user than the one who started it.
    chmodSync(folder, 0o755);
  }
  const content = bytes > 1_024 ? `root ${folder}; try_files /${bytes}.txt =404;` : `return 200 "${text}";`;
  const location = `location / { default_type text/plain; ${content} }`;
  return start(
    binary,
    core,
    path.join(folder, `upstream-${port}`),
    port,
    `server { listen 127.0.0.1:${port}; ${location} }`,
  );
}

export function startNginxProxy(
  binary: string,
  core: number,
  folder: string,
  ports: { readonly listen: number; readonly upstream: number },
): Promise<PinnedProcess> {
  const location = `location / {
      proxy_pass http://backend;
      proxy_http_version 1.1;
      proxy_set_header Connection "";
      proxy_set_header Host $http_host;
      proxy_set_header X-Real-IP $remote_addr;
      proxy_set_header X-Forwarded-For $proxy_add_x_forwarded_for;
      proxy_set_header X-Forwarded-Proto $scheme;
      proxy_set_header X-Forwarded-Port $server_port;
      proxy_set_header X-Forwarded-Host $http_host;
    }`;
  const http = `upstream backend { server 127.0.0.1:${ports.upstream}; keepalive 128; keepalive_requests 100000000; }
    server { listen 127.0.0.1:${ports.listen}; ${location} }`;
  return start(binary, core, path.join(folder, 'proxy'), ports.listen, http);
}

function start(binary: string, core: number, base: string, port: number, http: string): Promise<PinnedProcess> {
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
    (kind) => `${kind}_temp_path ${base}.${kind};`,
  );
  const config = `daemon off; worker_processes 1; pid ${base}.pid; error_log stderr crit;
    events { worker_connections 4096; }
    http { access_log off; keepalive_requests 100000000; keepalive_timeout 600s; ${temporary.join(' ')} ${http} }`;
  writeFileSync(`${base}.conf`, config);
  return startPinned(core, [binary, '-c', `${base}.conf`, '-e', 'stderr'], () => accepts(port));
}
