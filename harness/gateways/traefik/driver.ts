/** `traefik@<version>`: Traefik with its etcd provider, as a program or as an image. */
import type { Ability } from '../../model/abilities.ts';
import type { Build } from '../../model/build.ts';
import { HarnessError } from '../../model/errors.ts';
import type { RuntimeKind } from '../../model/plan.ts';
import type { GatewayDriver, GatewaySettings, Runtime } from '../../model/ports.ts';
import type { Product } from '../../model/product.ts';
import { pins } from '../../tools/pins.ts';
import { canHaveTraefik, findTraefik, obtainTraefik, traefikVariable } from '../../tools/traefik.ts';
import { traefikLayout, traefikRootKey } from '../layouts/traefik.ts';
import { saysReady } from '../says-ready.ts';

/**
 * One process: whatever answers is its only worker. Its keys have no slash in front, so that a user of etcd who may read a
 * prefix that has one may not read them.
 */
const able: ReadonlySet<Ability> = new Set(['etcd-watch', 'etcd-tls', 'deep-prefix', 'worker-reads', 'metrics']);

const traefik: GatewayDriver = {
  ...traefikLayout,
  name: 'traefik',
  deployments: {},
  abilities: able,

  async prepare({ version }, { runtime, note }) {
    if (runtime === 'process') await obtainTraefik(version, note);
  },

  async launch({ version }, settings, runtime, signal) {
    const [traffic, status] = [await runtime.freePort(), await runtime.freePort()];
    const args = argumentsOf(settings, traffic, status);
    const image = { name: `traefik:v${version}`, args, mounts: settings.etcdCa === undefined ? [] : [settings.etcdCa] };
    const command = await programOf(version, runtime);
    const instance = await runtime.launch({ name: 'gateway', command, args, env: {}, image }, signal);
    return {
      instance,
      workers: 1,
      workerHeader: undefined,
      reloadSignal: undefined,
      watchProxy: undefined,
      traffic: new URL(`http://127.0.0.1:${traffic}`),
      metrics: new URL(`http://127.0.0.1:${status}/metrics`),
      ready: saysReady(`http://127.0.0.1:${status}/ping`),
      [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose](),
    };
  },
};

export const traefikProduct: Product = {
  builds: {
    'traefik@<version>': `with its etcd provider; built with Go where it is one of ${pins.traefik.versions.join(', ')}`,
  },
  abilities: able,

  mistakes(build, runtime) {
    return [
      ...build.variants.map((variant) => `${build.name}: traefik has no variants, such as "${variant}"`),
      ...(/^\d+\.\d+\.\d+$/.test(build.version)
        ? programMistakes(build, runtime)
        : [`${build.name}: write a version such as 3.6.2`]),
    ];
  },
  driverOf: () => traefik,
};

function programMistakes({ name, version }: Build, runtime: RuntimeKind): readonly string[] {
  if (runtime === 'docker' || canHaveTraefik(version)) return [];
  const pinned = pins.traefik.versions.join(', ');
  return [`${name}: pinned are ${pinned}; set ${traefikVariable(version)} to the path of another`];
}

async function programOf(version: string, runtime: Runtime): Promise<string> {
  // The name by which its image has it.
  if (runtime.kind === 'docker') return 'traefik';
  const found = await findTraefik(version);
  if (found === undefined) throw new HarnessError('GATEWAY_NOT_FOUND', `traefik ${version} was there and is gone`);
  return found.path;
}

/** Options of its command line. It asks nobody for newer versions. */
function argumentsOf(settings: GatewaySettings, traffic: number, status: number): readonly string[] {
  const { etcd, etcdCa, prefix } = settings;
  return [
    '--global.checknewversion=false',
    '--global.sendanonymoususage=false',
    '--log.level=WARN',
    `--entrypoints.web.address=127.0.0.1:${traffic}`,
    `--entrypoints.traefik.address=127.0.0.1:${status}`,
    '--ping=true',
    '--metrics.prometheus=true',
    '--providers.etcd=true',
    `--providers.etcd.endpoints=${etcd.host}`,
    `--providers.etcd.rootkey=${traefikRootKey(prefix)}`,
    ...(etcdCa === undefined ? [] : [`--providers.etcd.tls.ca=${etcdCa}`]),
  ];
}
