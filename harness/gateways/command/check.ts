/** From what a configuration says of gateways to what can be launched, with every mistake as a sentence that names its place. */
import path from 'node:path';
import type { GatewayConfig } from '../../model/config.ts';
import type { Layout } from '../../model/layout.ts';
import { unknownWord } from '../../model/nearest.ts';
import { apisixLayout } from '../layouts/apisix.ts';
import { traefikLayout } from '../layouts/traefik.ts';
import { layoutMistakes, ownLayout } from './own-layout.ts';
import { placeholderMistakes } from './placeholders.ts';

export interface CommandGateway extends Omit<GatewayConfig, 'layout' | 'cwd'> {
  readonly layout: Layout;
  /** Absolute. */
  readonly cwd: string;
}

export interface Checked {
  /** By name; undefined where there are mistakes. */
  readonly gateways: ReadonlyMap<string, CommandGateway | undefined>;
  readonly mistakes: readonly string[];
}

type Field = keyof GatewayConfig;
type Check = (value: unknown) => readonly string[];

const layouts: Readonly<Record<string, Layout>> = { apisix: apisixLayout, traefik: traefikLayout };
const signals = ['SIGHUP', 'SIGUSR1', 'SIGUSR2'];

/** What is wrong with each field, as sentences about it. */
const fields: Readonly<Record<Field, Check>> = {
  command: (value) =>
    isTexts(value) && value.length > 0 && value[0] !== ''
      ? value.flatMap(placeholderMistakes)
      : ['must be a list of a program and its arguments, all texts'],
  env: (value) =>
    isTextsByName(value) ? Object.values(value).flatMap(placeholderMistakes) : ['must be texts by name'],
  cwd: (value) => (isText(value) ? [] : ['must be a path']),
  files: filesMistakes,
  layout: (value) => {
    if (typeof value === 'function') return layoutMistakes(value as Parameters<typeof layoutMistakes>[0]);
    if (!isText(value)) return ["must be 'apisix', 'traefik' or a function"];
    return Object.hasOwn(layouts, value) ? [] : [unknownWord('layout', value, Object.keys(layouts))];
  },
  ready: pageMistakes,
  workerHeader: (value) =>
    isText(value) && /^[A-Za-z0-9-]+$/.test(value) ? [] : ['must be the name of a response header'],
  workerProcesses: (value) => (typeof value === 'boolean' ? [] : ['must be true or false']),
  reloadSignal: (value) => {
    if (!isText(value)) return [`must be one of ${signals.join(', ')}`];
    return signals.includes(value) ? [] : [unknownWord('signal', value, signals)];
  },
  metrics: pageMistakes,
};
const needed: readonly Field[] = ['command', 'layout', 'ready'];

/** `folder`: of the configuration. `value`: what it says of gateways, if anything. */
export function checkGateways(value: unknown, folder: string): Checked {
  if (value === undefined) return { gateways: new Map(), mistakes: [] };
  if (!isObject(value)) return { gateways: new Map(), mistakes: ['gateways must be an object of gateways by name'] };
  const all = Object.entries(value).map(([name, config]) => ({ name, config, mistakes: mistakesOf(name, config) }));
  const gateways = all.map(({ name, config, mistakes }) => {
    return [name, mistakes.length === 0 ? resolved(config as GatewayConfig, folder) : undefined] as const;
  });
  return { gateways: new Map(gateways), mistakes: all.flatMap(({ mistakes }) => mistakes) };
}

function mistakesOf(name: string, config: unknown): readonly string[] {
  const where = `gateways[${JSON.stringify(name)}]`;
  const named = /^[a-z0-9][a-z0-9._-]*$/.test(name)
    ? []
    : [`${where}: a name has lower-case letters, digits, ".", "_" and "-"`];
  if (!isObject(config)) return [...named, `${where} must be { ${needed.join(', ')}, … }`];
  const missing = needed.filter((field) => config[field] === undefined);
  const known = Object.keys(fields);
  return [
    ...named,
    ...Object.keys(config).flatMap((field) =>
      known.includes(field) ? [] : [`${where}: ${unknownWord('field', field, known)}`],
    ),
    ...missing.map((field) => `${where}: "${field}" is missing`),
    ...Object.entries(fields).flatMap(([field, check]) =>
      config[field] === undefined ? [] : check(config[field]).map((mistake) => `${where}.${field} ${mistake}`),
    ),
  ];
}

function resolved({ layout, cwd = '.', ...rest }: GatewayConfig, folder: string): CommandGateway {
  const own = typeof layout === 'function' ? ownLayout(layout) : layouts[layout];
  if (own === undefined) throw new Error('the layout was checked');
  return { ...rest, layout: own, cwd: path.resolve(folder, cwd) };
}

function filesMistakes(value: unknown): readonly string[] {
  if (!isTextsByName(value)) return ['must be texts by the path of the file'];
  const outside = Object.keys(value).filter((file) => path.isAbsolute(file) || path.normalize(file).startsWith('..'));
  return outside.map((file) => `has ${file}, which is not below {folder}`);
}

function pageMistakes(value: unknown): readonly string[] {
  if (!isText(value)) return ['must be the address of a page'];
  const mistakes = placeholderMistakes(value);
  if (mistakes.length > 0) return mistakes;
  const sample = value.replaceAll(/\{port(?::[a-z0-9-]+)?\}/g, '80').replaceAll('{listen}', '127.0.0.1:80');
  return URL.canParse(sample.replaceAll('{host}', '127.0.0.1')) && /^https?:/.test(sample)
    ? []
    : [`"${value}" is no address, such as http://127.0.0.1:{port:status}/ready`];
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}

function isTextsByName(value: unknown): value is Readonly<Record<string, string>> {
  return isObject(value) && isTexts(Object.values(value));
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
