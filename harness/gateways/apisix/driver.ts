/** `apisix@<version>`: the official image of Apache APISIX, with a configuration of ours. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Ability } from '../../model/abilities.ts';
import type { Build } from '../../model/build.ts';
import { unknownWord } from '../../model/nearest.ts';
import type { GatewayDriver, ImageRun, Runtime } from '../../model/ports.ts';
import type { Product } from '../../model/product.ts';
import { atLeast } from '../../tools/found-tool.ts';
import { adminKey } from '../admin-key.ts';
import { apisixLayout } from '../layouts/apisix.ts';
import { saysReady } from '../says-ready.ts';
import { type ApisixPorts, apisixConfig, hasStatusPage, workerHeader } from './config.ts';

const overGrpc = 'etcd-grpc';
/** Where the image keeps its program. */
const home = '/usr/local/apisix';

const since3: ReadonlySet<Ability> = new Set([
  'etcd-watch',
  'etcd-login',
  'etcd-tls',
  'deep-prefix',
  'json-routes',
  'worker-reads',
  'worker-processes',
  'reload',
  'admin-api',
  'metrics',
]);
/** 2.x refuses a prefix of more than one level. */
const before3: ReadonlySet<Ability> = new Set([...since3].filter((ability) => ability !== 'deep-prefix'));

function driver(abilities: ReadonlySet<Ability>): GatewayDriver {
  return {
    ...apisixLayout,
    name: 'apisix',
    deployments: {},
    abilities,

    async launch({ version, variants }, settings, runtime, signal) {
      const ports = await freePorts(runtime);
      const folder = mkdtempSync(path.join(settings.folder, 'apisix-'));
      const file = path.join(folder, 'config.yaml');
      const grpc = variants.includes(overGrpc);
      writeFileSync(file, stringify(apisixConfig({ version, settings, ports, grpc })));
      const mounts = [folder, ...(settings.etcdCa === undefined ? [] : [settings.etcdCa])];
      const image = imageRun(version, file, mounts);
      const instance = await runtime.launch({ name: 'gateway', command: 'apisix', args: [], env: {}, image }, signal);
      return {
        instance,
        workers: settings.workers,
        workerHeader,
        reloadSignal: 'SIGHUP',
        watchProxy: undefined,
        traffic: new URL(`http://127.0.0.1:${ports.traffic}`),
        metrics: new URL(`http://127.0.0.1:${ports.metrics}/apisix/prometheus/metrics`),
        admin: { url: new URL(`http://127.0.0.1:${ports.admin}`), key: adminKey },
        ready: saysReady(readyPage(version, ports)),
        [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose](),
      };
    },
  };
}

const drivers = { before3: driver(before3), since3: driver(since3) };

export const apisixProduct: Product = {
  builds: {
    'apisix@<version>': 'its official image, with --runtime docker; a build of your own is a command@<name>',
    [`apisix@<version>+${overGrpc}`]: 'the same, speaking gRPC to etcd (3.1 to 3.5)',
  },
  abilities: since3,

  mistakes(build, runtime) {
    const { name, version, variants } = build;
    return [
      ...(runtime === 'docker'
        ? []
        : [
            `${name}: its image is run by containers; add --runtime docker, or describe a build of your own (docs/GATEWAYS.md)`,
          ]),
      ...(/^[23]\.\d+\.\d+$/.test(version) ? [] : [`${name}: write a version such as 2.15.3 or 3.14.1`]),
      ...variants.flatMap((variant) => (variant === overGrpc ? [] : [unknownWord('variant', variant, [overGrpc])])),
      ...(variants.includes(overGrpc) ? grpcMistakes(build) : []),
    ];
  },
  driverOf: ({ version }) => (version.startsWith('2.') ? drivers.before3 : drivers.since3),
};

function grpcMistakes({ name, version }: Build): readonly string[] {
  const speaks = atLeast(version, '3.1') && !atLeast(version, '3.6');
  return speaks ? [] : [`${name}: APISIX speaks gRPC to etcd from 3.1 to 3.5 only`];
}

/** The image reads its configuration in one place only, and begins by writing to etcd, as its own start does. */
export function imageRun(version: string, file: string, mounts: readonly string[]): ImageRun {
  const start = `cp '${file}' ${home}/conf/config.yaml && exec /docker-entrypoint.sh docker-start`;
  return { name: `apache/apisix:${version}-debian`, args: ['sh', '-c', start], mounts };
}

/** Answered well once it would serve. */
export function readyPage(version: string, { status, control }: ApisixPorts): string {
  return hasStatusPage(version)
    ? `http://127.0.0.1:${status}/status/ready`
    : `http://127.0.0.1:${control}/v1/healthcheck`;
}

async function freePorts(runtime: Runtime): Promise<ApisixPorts> {
  const [traffic, admin, control] = [await runtime.freePort(), await runtime.freePort(), await runtime.freePort()];
  return { traffic, admin, control, metrics: await runtime.freePort(), status: await runtime.freePort() };
}
