/** What stands for what differs from trial to trial: `{port}` in the texts of a configuration, `GATEWAY_…` in the environment. */
import { unknownWord } from '../../model/nearest.ts';
import type { GatewaySettings } from '../../model/ports.ts';

/** All that one launch of a gateway is told. */
export interface Told {
  readonly settings: GatewaySettings;
  /** Of the trial's traffic. */
  readonly port: number;
  /** Others that it wants, by the names that it gives them: `{port:status}`. */
  readonly ports: ReadonlyMap<string, number>;
  /** Its own, for this launch. */
  readonly folder: string;
}

const host = '127.0.0.1';

const words: Readonly<Record<string, (told: Told) => string>> = {
  host: () => host,
  port: ({ port }) => String(port),
  listen: ({ port }) => `${host}:${port}`,
  etcd: ({ settings }) => settings.etcd.origin,
  etcdHost: ({ settings }) => settings.etcd.host,
  etcdUser: ({ settings }) => settings.etcdUser?.name ?? '',
  etcdPassword: ({ settings }) => settings.etcdUser?.password ?? '',
  etcdCa: ({ settings }) => settings.etcdCa ?? '',
  prefix: ({ settings }) => settings.prefix,
  workers: ({ settings }) => String(settings.workers),
  watchTimeoutMs: ({ settings }) => String(settings.watchTimeoutMs),
  watchTimeoutSeconds: ({ settings }) => String(Math.max(1, Math.round(settings.watchTimeoutMs / 1_000))),
  dns: ({ settings }) => settings.dns?.host ?? '',
  folder: ({ folder }) => folder,
};

/** `GATEWAY_<this>` in the environment. */
const variables: Readonly<Record<string, string>> = {
  LISTEN: 'listen',
  PORT: 'port',
  ETCD: 'etcd',
  ETCD_USER: 'etcdUser',
  ETCD_PASSWORD: 'etcdPassword',
  ETCD_CA: 'etcdCa',
  PREFIX: 'prefix',
  WORKERS: 'workers',
  WATCH_TIMEOUT_MS: 'watchTimeoutMs',
  DNS: 'dns',
  FOLDER: 'folder',
};

const placeholder = /\{(?<word>[A-Za-z]+)(?::(?<name>[a-z0-9-]+))?\}/g;

interface Found {
  readonly text: string;
  readonly word: string;
  readonly name: string | undefined;
}

function placeholdersIn(text: string): readonly Found[] {
  return [...text.matchAll(placeholder)].map(({ 0: text, groups }) => {
    return { text, word: groups?.['word'] ?? '', name: groups?.['name'] };
  });
}

/** As sentences: words that stand for nothing. */
export function placeholderMistakes(text: string): readonly string[] {
  return placeholdersIn(text).flatMap(({ text, word, name }) => {
    if (!Object.hasOwn(words, word)) return [`${text}: ${unknownWord('placeholder', word, Object.keys(words))}`];
    return name === undefined || word === 'port' ? [] : [`${text}: only ports have names, such as {port:status}`];
  });
}

/** Whether one of the texts has that word. */
export function mentions(texts: readonly string[], word: string): boolean {
  return texts.some((text) => placeholdersIn(text).some((found) => found.word === word));
}

/** The names of the further ports that the texts want. */
export function portNames(texts: readonly string[]): ReadonlySet<string> {
  return new Set(texts.flatMap((text) => placeholdersIn(text).flatMap(({ name }) => name ?? [])));
}

/** Words that stand for nothing stay as they are: files may have braces of their own. */
export function filled(text: string, told: Told): string {
  return text.replace(placeholder, (whole: string, word: string, name: string | undefined) => {
    if (name !== undefined) return String(told.ports.get(name) ?? whole);
    return Object.hasOwn(words, word) ? (words[word]?.(told) ?? whole) : whole;
  });
}

export function environment(told: Told): Readonly<Record<string, string>> {
  const values = Object.entries(variables).map(
    ([name, word]) => [`GATEWAY_${name}`, words[word]?.(told) ?? ''] as const,
  );
  // What a trial has not got is not said: an empty name would be one.
  return Object.fromEntries(values.filter(([, value]) => value !== ''));
}
