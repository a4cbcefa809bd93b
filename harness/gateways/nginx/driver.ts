/** `nginx@<version>`: configured by a file, which a companion of ours writes from etcd; a new route is a reload. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Ability } from '../../model/abilities.ts';
import type { Build } from '../../model/build.ts';
import { entryBeside } from '../../model/entry.ts';
import type { Gateway, GatewayDriver } from '../../model/ports.ts';
import type { Product } from '../../model/product.ts';
import { findNginx } from '../../tools/nginx.ts';
import { companionWorkload } from '../carrier/companion.ts';
import { apisixLayout } from '../layouts/apisix.ts';
import { saysReady } from '../says-ready.ts';
import { type NginxPlace, configFile, mainConfig, noRoutes, routesFile, workerHeader } from './config.ts';

/** It watches nothing itself, and what it proxies to it resolves when it reads its configuration. */
const able: ReadonlySet<Ability> = new Set([
  'etcd-login',
  'etcd-tls',
  'deep-prefix',
  'json-routes',
  'worker-reads',
  'worker-processes',
  'reload',
]);

const nginx: GatewayDriver = {
  ...apisixLayout,
  object: () => undefined,
  name: 'nginx',
  deployments: {},
  abilities: able,

  async launch(build, settings, runtime, signal) {
    const found = findNginx();
    if (found === undefined) throw new Error(`build ${build.name} was not checked`);
    const place: NginxPlace = {
      folder: mkdtempSync(path.join(settings.folder, 'nginx-')),
      traffic: await runtime.freePort(),
      status: await runtime.freePort(),
      workers: settings.workers,
    };
    writeFileSync(configFile(place), mainConfig(place, process.getuid?.() === 0 ? 'root' : undefined));
    writeFileSync(routesFile(place), noRoutes(place));
    const args = ['-e', 'stderr', '-c', configFile(place)];
    const instance = await runtime.launch({ name: 'gateway', command: found.path, args, env: {} }, signal);
    const entry = entryBeside(import.meta.url, 'main');
    const companion = await runtime.launch(companionWorkload(entry, place.folder, settings, { place }), signal);
    return gateway(place, instance, companion);
  },
};

export const nginxProduct: Product = {
  builds: {
    'nginx@<version>': 'the nginx of this host, configured by a file that is written from etcd (such as 1.22.1)',
  },
  abilities: able,

  mistakes(build, runtime) {
    const found = findNginx();
    return [
      ...build.variants.map((variant) => `${build.name}: nginx has no variants, such as "${variant}"`),
      ...(runtime === 'process' ? [] : [`${build.name}: nginx is run as a process; leave --runtime ${runtime} out`]),
      ...(found === undefined
        ? [`${build.name}: there is no nginx on PATH; install one, or set GATECRASH_NGINX to the path of one`]
        : versionMistakes(build, found.version, found.path)),
    ];
  },
  driverOf: () => nginx,
};

function versionMistakes({ name, version }: Build, found: string, at: string): readonly string[] {
  if (found === version || found.startsWith(`${version}.`)) return [];
  return [
    `${name}: the nginx at ${at} is ${found}; write nginx@${found}, or set GATECRASH_NGINX to the path of another`,
  ];
}

function gateway(place: NginxPlace, instance: Gateway['instance'], companion: AsyncDisposable): Gateway {
  return {
    instance,
    workers: place.workers,
    workerHeader,
    reloadSignal: 'SIGHUP',
    watchProxy: undefined,
    metrics: undefined,
    traffic: new URL(`http://127.0.0.1:${place.traffic}`),
    ready: saysReady(`http://127.0.0.1:${place.status}/ready`),
    async [Symbol.asyncDispose]() {
      await companion[Symbol.asyncDispose]();
      await instance[Symbol.asyncDispose]();
    },
  };
}
