/** The stack of `make up`: everything that it names is there. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { ownImages } from '../../../harness/model/images.ts';

const folder = 'examples/compose';
const file = path.join(folder, 'compose.yaml');

interface Service {
  readonly image: string;
  readonly depends_on?: readonly string[];
  readonly volumes?: readonly string[];
  readonly ports?: readonly string[];
  readonly environment?: Readonly<Record<string, string>>;
  readonly command?: readonly string[];
}

const { services } = parse(readFileSync(file, 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<string, Service>>;
};
const each = Object.entries(services);

test('it is the whole topology', () => {
  expect(Object.keys(services).toSorted()).toEqual([
    'etcd-1',
    'etcd-2',
    'etcd-3',
    'gateway-canary',
    'gateway-stable',
    'grafana',
    'prometheus',
    'toxiproxy',
    'upstream-1',
    'upstream-2',
    'watch-proxy',
  ]);
});

test.each(each)('%s: its image is one of ours, or an official one by its tag', (_name, { image }) => {
  const own: readonly string[] = Object.values(ownImages);
  const named = /^\$\{\w+:-(.*)\}$/.exec(image)?.[1] ?? image;
  if (!own.includes(named)) expect(named).toMatch(/^(prom\/prometheus|grafana\/grafana):v?\d+\.\d+\.\d+$/);
});

test.each(each)('%s: what it mounts, runs and waits for is there, and its ports are on loopback', (_name, service) => {
  for (const volume of service.volumes ?? [])
    expect([volume, existsSync(path.join(folder, volume.split(':')[0] ?? ''))]).toEqual([volume, true]);
  for (const name of service.depends_on ?? []) expect(services).toHaveProperty([name]);
  for (const port of service.ports ?? []) expect(port).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  for (const program of service.command ?? []) expect([program, existsSync(program)]).toEqual([program, true]);
});

test('every address that a part is given leads to a service', () => {
  const texts = [
    ...each.flatMap(([, { environment = {} }]) => Object.values(environment)),
    ...['toxiproxy.json', 'prometheus.yml', 'grafana/datasource.yml'].map((name) =>
      readFileSync(path.join(folder, name), 'utf8'),
    ),
  ];
  const hosts = texts.flatMap((text) =>
    [...text.matchAll(/([a-z][a-z0-9-]*):\d{4}\b/g)].map((match) => match[1] ?? ''),
  );
  expect(hosts.length).toBeGreaterThan(15);
  expect([...new Set(hosts)].filter((host) => services[host] === undefined)).toEqual([]);
});

/** Why there is none; undefined when there is. */
function lacksCompose(): string | undefined {
  try {
    execFileSync('docker', ['compose', 'version'], { stdio: 'ignore' });
    return undefined;
  } catch {
    return 'there is no docker compose on this host';
  }
}

test('docker compose understands it', ({ skip }) => {
  const lacking = lacksCompose();
  skip(lacking !== undefined, lacking);
  execFileSync('docker', ['compose', '-f', file, 'config', '--quiet']);
});
