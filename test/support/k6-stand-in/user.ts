/** A virtual user: a thread that plays the script as it is, with the few modules of k6 that it imports. */
import { registerHooks } from 'node:module';
import { pathToFileURL } from 'node:url';
import { receiveMessageOnPort, workerData } from 'node:worker_threads';
import { type FromUser, type Options, type Tags, type ToUser, type UserData, nowMs } from './messages.ts';

const { script, environment, port, answered } = workerData as UserData;
const say = (message: FromUser): void => port.postMessage(message);
const sample = (metric: string, value: number, tags: Tags = {}): void =>
  say({ kind: 'sample', metric, atMs: nowMs(), value, tags });
const execution = { scenario: { iterationInTest: 0 } };

function get(url: string, { timeout = '60000ms' }: { readonly timeout?: string } = {}): unknown {
  say({ kind: 'get', url, timeout });
  Atomics.wait(answered, 0, 0);
  Atomics.store(answered, 0, 0);
  return (receiveMessageOnPort(port) as { readonly message: unknown }).message;
}

function check(value: unknown, sets: Readonly<Record<string, (value: unknown) => boolean>>, tags?: Tags): boolean {
  const outcomes = Object.values(sets).map((holds) => holds(value));
  for (const holds of outcomes) sample('checks', Number(holds), tags);
  return outcomes.every(Boolean);
}

class Counter {
  readonly #name: string;
  constructor(name: string) {
    this.#name = name;
  }
  add(value: number): void {
    sample(this.#name, value);
  }
}

Object.assign(globalThis, { __ENV: environment, standInForK6: { check, http: { get }, Counter, execution } });
const modules: Readonly<Record<string, string>> = {
  k6: 'export const { check } = standInForK6; export const sleep = () => undefined;',
  'k6/http': 'export default standInForK6.http;',
  'k6/metrics': 'export const { Counter } = standInForK6;',
  'k6/execution': 'export default standInForK6.execution;',
};
registerHooks({
  resolve: (specifier, context, next) =>
    specifier in modules ? { url: `stand-in:${specifier}`, shortCircuit: true } : next(specifier, context),
  load: (url, context, next) => {
    const source = modules[url.replace('stand-in:', '')];
    return source === undefined ? next(url, context) : { format: 'module', source, shortCircuit: true };
  },
});

interface Script {
  readonly options: Options;
  readonly setup: () => unknown;
  readonly default: (data: unknown) => unknown;
}

const played = (await import(pathToFileURL(script).href)) as Script;
port.on('message', (message: ToUser) => {
  if (message.kind === 'answer') throw new Error('an answer to no request');
  const startedMs = nowMs();
  if (message.kind === 'setup') return say({ kind: 'done', data: played.setup() });
  execution.scenario.iterationInTest = message.number;
  try {
    played.default(message.data);
  } catch (error) {
    process.stderr.write(`${String(error)}\n`);
  }
  sample('iteration_duration', nowMs() - startedMs);
  say({ kind: 'done', data: undefined });
});
say({ kind: 'ready', options: played.options });
