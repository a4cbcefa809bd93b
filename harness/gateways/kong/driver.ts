/** `kong@<version>`: the official image of Kong without a database; a companion of ours gives it the routes from etcd. */
import { mkdtempSync } from 'node:fs';
import path from 'node:path';
import type { Ability } from '../../model/abilities.ts';
import { entryBeside } from '../../model/entry.ts';
import type { Gateway, GatewayDriver } from '../../model/ports.ts';
import type { Product } from '../../model/product.ts';
import { companionWorkload } from '../carrier/companion.ts';
import { apisixLayout } from '../layouts/apisix.ts';
import { saysReady } from '../says-ready.ts';
import { type KongPorts, kongEnvironment } from './config.ts';

/** It watches nothing itself, and does not tell which worker answers. */
const able: ReadonlySet<Ability> = new Set([
  'etcd-login',
  'etcd-tls',
  'deep-prefix',
  'json-routes',
  'worker-processes',
  'reload',
]);

const kong: GatewayDriver = {
  ...apisixLayout,
  object: () => undefined,
  name: 'kong',
  deployments: {},
  abilities: able,

  async launch({ version }, settings, runtime, signal) {
    const ports = {
      traffic: await runtime.freePort(),
      admin: await runtime.freePort(),
      status: await runtime.freePort(),
    };
    const env = kongEnvironment(settings.workers, ports);
    const image = { name: `kong:${version}` };
    const instance = await runtime.launch({ name: 'gateway', command: 'kong', args: [], env, image }, signal);
    const folder = mkdtempSync(path.join(settings.folder, 'kong-'));
    const entry = entryBeside(import.meta.url, 'main');
    const spec = { admin: `http://127.0.0.1:${ports.admin}` };
    const companion = await runtime.launch(companionWorkload(entry, folder, settings, spec), signal);
    return gateway(instance, companion, settings.workers, ports);
  },
};

export const kongProduct: Product = {
  builds: { 'kong@<version>': 'its official image without a database, with --runtime docker' },
  abilities: able,

  mistakes({ name, version, variants }, runtime) {
    return [
      ...(runtime === 'docker'
        ? []
        : [
            `${name}: its image is run by containers; add --runtime docker, or describe a build of your own (docs/GATEWAYS.md)`,
          ]),
      ...(/^\d+\.\d+(?:\.\d+)?$/.test(version) ? [] : [`${name}: write a version such as 3.9.1`]),
      ...variants.map((variant) => `${name}: kong has no variants, such as "${variant}"`),
    ];
  },
  driverOf: () => kong,
};

function gateway(
  instance: Gateway['instance'],
  companion: AsyncDisposable,
  workers: number,
  { traffic, status }: KongPorts,
): Gateway {
  return {
    instance,
    workers,
    workerHeader: undefined,
    reloadSignal: 'SIGHUP',
    watchProxy: undefined,
    metrics: undefined,
    traffic: new URL(`http://127.0.0.1:${traffic}`),
    // Without a configuration it is not ready: until then, the companion has not reached it.
    ready: saysReady(`http://127.0.0.1:${status}/status/ready`),
    async [Symbol.asyncDispose]() {
      await companion[Symbol.asyncDispose]();
      await instance[Symbol.asyncDispose]();
    },
  };
}
