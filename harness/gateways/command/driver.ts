/** `command@<name>`: a gateway that is started by a command of the user's configuration. */
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Ability } from '../../model/abilities.ts';
import type { Build } from '../../model/build.ts';
import { unknownWord } from '../../model/nearest.ts';
import type { Gateway, GatewayDriver, GatewaySettings, Runtime } from '../../model/ports.ts';
import type { Product } from '../../model/product.ts';
import { executable, onPath } from '../../tools/found-tool.ts';
import { saysReady } from '../says-ready.ts';
import type { Checked, CommandGateway } from './check.ts';
import { type Told, environment, filled, mentions, portNames } from './placeholders.ts';

/** Of the configuration that this process has read. */
let defined: Checked['gateways'] = new Map();

export function defineGateways(gateways: Checked['gateways']): void {
  defined = gateways;
}

export const commandProduct: Product = {
  builds: { 'command@<name>': 'a gateway of your own, as gatecrash.config.ts describes it (docs/GATEWAYS.md)' },
  abilities: undefined,

  mistakes({ name, version, variants }, runtime) {
    const gateway = defined.get(version);
    if (gateway === undefined) return unknownMistakes(name, version);
    return [
      ...variants.map((variant) => `${name}: a gateway of your own has no variants, such as "${variant}"`),
      ...(runtime === 'process' ? [] : [`${name}: a command is run as a process; leave --runtime ${runtime} out`]),
      ...programMistakes(name, gateway),
    ];
  },

  driverOf({ name, version }) {
    const gateway = defined.get(version);
    if (gateway === undefined) throw new Error(`build ${name} was not checked`);
    return driver(gateway);
  },
};

function unknownMistakes(build: string, name: string): readonly string[] {
  // What is wrong with its description has been told with that.
  if (defined.has(name)) return [];
  const where =
    'gatecrash.config.ts of this folder, or --config <file>, describes gateways of your own (docs/GATEWAYS.md)';
  if (defined.size === 0) return [`${build}: no gateway is described; ${where}`];
  return [`${build}: ${unknownWord('gateway', name, [...defined.keys()])}`];
}

function programMistakes(build: string, { command: [program], cwd }: CommandGateway): readonly string[] {
  // A placeholder is another one each time.
  if (program.includes('{')) return [];
  const there = program.includes('/') ? executable(path.resolve(cwd, program)) : onPath(program) !== undefined;
  const where = program.includes('/') ? `below ${cwd}` : 'on PATH';
  return there ? [] : [`${build}: there is no program ${program} ${where}`];
}

function driver(gateway: CommandGateway): GatewayDriver {
  return {
    ...gateway.layout,
    name: 'command',
    deployments: {},
    abilities: abilitiesOf(gateway),

    async launch(_build: Build, settings: GatewaySettings, runtime: Runtime, signal: AbortSignal): Promise<Gateway> {
      const told = await tell(gateway, settings, runtime);
      const fill = (text: string): string => filled(text, told);
      for (const [file, text] of Object.entries(gateway.files ?? {})) {
        const place = path.join(told.folder, file);
        mkdirSync(path.dirname(place), { recursive: true });
        writeFileSync(place, fill(text));
      }
      const [command = '', ...args] = gateway.command.map(fill);
      const own = Object.entries(gateway.env ?? {}).map(([name, value]) => [name, fill(value)] as const);
      const env = { ...environment(told), ...Object.fromEntries(own) };
      const instance = await runtime.launch({ name: 'gateway', command, args, env, cwd: gateway.cwd }, signal);
      return {
        instance,
        workers: settings.workers,
        workerHeader: gateway.workerHeader?.toLowerCase(),
        reloadSignal: gateway.reloadSignal,
        watchProxy: undefined,
        traffic: new URL(`http://127.0.0.1:${told.port}`),
        metrics: gateway.metrics === undefined ? undefined : new URL(fill(gateway.metrics)),
        ready: saysReady(fill(gateway.ready)),
        [Symbol.asyncDispose]: () => instance[Symbol.asyncDispose](),
      };
    },
  };
}

async function tell(gateway: CommandGateway, settings: GatewaySettings, runtime: Runtime): Promise<Told> {
  const port = await runtime.freePort();
  const ports = new Map<string, number>();
  for (const name of portNames(textsOf(gateway))) ports.set(name, await runtime.freePort());
  return { settings, port, ports, folder: mkdtempSync(path.join(settings.folder, 'gateway-')) };
}

/** All that may hold placeholders. */
function textsOf({ command, env = {}, files = {}, ready, metrics = '' }: CommandGateway): readonly string[] {
  return [...command, ...Object.values(env), ...Object.values(files), ready, metrics];
}

/** It is taken at its word: what it has a field or a placeholder for, it can do. */
function abilitiesOf(gateway: CommandGateway): ReadonlySet<Ability> {
  const texts = textsOf(gateway);
  const told: readonly (readonly [Ability, boolean])[] = [
    ['etcd-watch', true],
    ['deep-prefix', true],
    ['etcd-login', mentions(texts, 'etcdUser')],
    ['etcd-tls', mentions(texts, 'etcdCa')],
    ['dns', mentions(texts, 'dns')],
    ['json-routes', hasJsonRoutes(gateway)],
    ['worker-reads', gateway.workerHeader !== undefined],
    ['worker-processes', gateway.workerProcesses === true],
    ['reload', gateway.reloadSignal !== undefined],
    ['metrics', gateway.metrics !== undefined],
  ];
  return new Set(told.flatMap(([ability, has]) => (has ? [ability] : [])));
}

function hasJsonRoutes({ layout }: CommandGateway): boolean {
  const sample = { id: 'sample', path: '/sample', seq: 1, upstream: new URL('http://127.0.0.1:1') };
  const [{ value }, ...more] = layout.route('/sample', sample);
  try {
    const read: unknown = JSON.parse(value);
    return more.length === 0 && typeof read === 'object' && read !== null;
  } catch {
    return false;
  }
}
