/**
 * Each known-bad build beside the clean one: two real gateway processes before one real etcd, each with a link of its own,
 * and the same steps for both. A build whose fault does not show here is not what it says it is.
 */
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { EtcdLink } from '../../harness/model/etcd-link.ts';
import { exchange } from '../../harness/probes/conformance/exchange.ts';
import { answersCase, echoUpgrade } from '../../harness/upstream/cases.ts';
import type { ConformanceRequest } from '../../scenarios/conformance.ts';
import { type TestEtcd, startEtcd } from './etcd.ts';
import { type TestGateway, startGateway } from './gateway.ts';
import { until } from './http.ts';
import { type TestLink, startLink } from './link.ts';

export interface Row {
  readonly mutant: string;
  readonly dose?: number;
  readonly watchTimeoutMs?: number;
  /** Its prefix ends in this. */
  readonly prefix?: string;
  /** In etcd before the gateway starts. */
  readonly before?: (side: Pick<Side, 'route'>) => Readonly<Record<string, Value>>;
  /** Etcd cannot be reached when it starts. */
  readonly alone?: boolean;
  /** What is seen of a gateway. */
  readonly show: (side: Side) => Promise<unknown>;
  readonly clean?: unknown;
  readonly mutated?: unknown;
  /** Instead of both: the mutant's number is more than so many times the clean one's. */
  readonly times?: number;
}

export type Value = object | string;

export interface Side {
  readonly gateway: TestGateway;
  /** The known-bad build's, and not the clean one's. */
  readonly bad: boolean;
  readonly link: EtcdLink;
  readonly prefix: string;
  readonly etcd: Etcd3;
  /** A route to the echo upstream, which answers with the path that it was asked. */
  route(uri: string, more?: object): object;
  /** `host:port` of it. */
  readonly node: string;
  /** In one transaction; undefined deletes. Resolves when the gateway is up to it, as far as it says so itself. */
  put(values: Readonly<Record<string, Value | undefined>>): Promise<void>;
  /** Without waiting for the gateway. */
  write(values: Readonly<Record<string, Value | undefined>>): Promise<bigint>;
  /** Status and body. */
  get(path: string, host?: string): Promise<string>;
  /** Whether it comes to be served. `badMs`: the known-bad build is not expected to, and given up after so long. */
  served(path: string, badMs?: number): Promise<boolean>;
  /** Whether it comes to be so; what is not expected is given up after so many milliseconds. */
  becomes(
    so: () => boolean | Promise<boolean>,
    of: { readonly expected: boolean; readonly elseMs: number },
  ): Promise<boolean>;
  /** Everything that came back for these bytes. */
  send(head: readonly [string, ...string[]], more?: Partial<ConformanceRequest>): Promise<string>;
  /** Sum over the labels, since the row began. */
  metric(name: string): Promise<number>;
  /** The watch is lost, and etcd compacted beyond it, before it can be opened again. Other faults of the link hold on. */
  loseHistory(): Promise<void>;
}

interface World {
  readonly etcd: TestEtcd;
  readonly client: Etcd3;
  readonly links: readonly [TestLink, TestLink];
  readonly upstream: Server;
}

let world: World | undefined;
let clean: Started | undefined;
let rows = 0;

/** One test for each row, named after its mutant. */
export function showMutants(table: readonly Row[]): void {
  beforeAll(async () => {
    const upstream = createServer((request, response) => {
      if (!answersCase(request, response)) response.end(request.url);
    });
    upstream.on('upgrade', echoUpgrade).listen(0, '127.0.0.1');
    const etcd = await startEtcd();
    const links = await Promise.all([startLink(etcd.url), startLink(etcd.url)]);
    world = { etcd, upstream, links, client: new Etcd3({ hosts: etcd.url.origin }) };
  });
  afterAll(async () => {
    await clean?.[Symbol.asyncDispose]();
    world?.upstream.closeAllConnections();
    world?.upstream.close();
    world?.client.close();
    for (const each of [...(world?.links ?? []), world?.etcd]) await each?.[Symbol.asyncDispose]();
  });
  test.each(table.map((row) => [row.mutant, row] as const))('%s', async (_mutant, row) => {
    if (world === undefined) throw new Error('the world has not been started');
    const [good, bad] = await Promise.all([seenOf(row, world, 0), seenOf(row, world, 1)]);
    if (row.times === undefined)
      expect({ clean: good, mutated: bad }).toEqual({ clean: row.clean, mutated: row.mutated });
    else expect(Number(bad)).toBeGreaterThan(row.times * Number(good));
  });
}

async function seenOf(row: Row, scene: World, index: 0 | 1): Promise<unknown> {
  const { link } = scene.links[index];
  await using undo = new AsyncDisposableStack();
  undo.defer(() => link.heal());
  const plain = row.before === undefined && row.prefix === undefined && row.alone === undefined;
  const usual = index === 0 && plain && row.watchTimeoutMs === undefined;
  const started = usual ? await usualClean(scene) : undo.use(await startFor(row, scene, index));
  return await row.show(sideOf(started, index === 1, link, await counted(started.gateway)));
}

interface Started extends AsyncDisposable {
  readonly gateway: TestGateway;
  readonly tools: Tools;
}

async function startFor(row: Row, { client, links, upstream }: World, index: 0 | 1): Promise<Started> {
  const { link } = links[index];
  const prefix = `/m${rows++}${row.prefix ?? ''}`;
  const tools = { client, prefix, node: `127.0.0.1:${(upstream.address() as AddressInfo).port}` };
  if (row.before !== undefined) await written(tools, row.before({ route: routeTo(tools.node) }));
  if (row.alone === true) await link.inject({ kind: 'link.refuse' }, 1);
  const name = row.dose === undefined ? row.mutant : `${row.mutant}=${row.dose}`;
  const watchTimeoutMs = row.watchTimeoutMs ?? 50_000;
  const mutants = index === 0 ? '' : name;
  const gateway = await startGateway({ etcd: link.address, prefix, mutants, watchTimeoutMs });
  if (row.alone !== true)
    await until(() => gateway.ready(), 'the gateway is ready').catch(async (error: unknown) => {
      // One that is left behind asks for its etcd for ever.
      await gateway[Symbol.asyncDispose]();
      throw error;
    });
  return { gateway, tools, [Symbol.asyncDispose]: () => gateway[Symbol.asyncDispose]() };
}

/** The clean gateway of most rows: what one row wrote is taken away before the next. */
async function usualClean(scene: World): Promise<Started> {
  clean ??= await startFor({ mutant: '', show: async () => undefined }, scene, 0);
  const { gateway, tools } = clean;
  const { header, deleted } = await tools.client.delete().prefix(`${tools.prefix}/`);
  if (deleted !== '0') await inForce(gateway, BigInt(header.revision));
  return clean;
}

async function inForce(gateway: TestGateway, revision: bigint): Promise<void> {
  const reached = async (): Promise<boolean> =>
    (await gateway.workers()).every((worker) => BigInt(worker.revision) >= revision);
  await until(reached, `revision ${revision} in force`);
}

/** The metrics page; empty while nobody answers. */
async function counted({ status }: TestGateway): Promise<string> {
  return fetch(new URL('/metrics', status)).then(
    async (answer) => answer.text(),
    () => '',
  );
}

/** Sum over the labels. */
function valueIn(page: string, name: string): number {
  const lines = [...page.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
  return lines.reduce((sum, [, value]) => sum + Number(value), 0);
}

interface Tools {
  readonly client: Etcd3;
  readonly prefix: string;
  readonly node: string;
}

function routeTo(node: string): Side['route'] {
  return (uri, more = {}) => ({ uri, upstream: { type: 'roundrobin', nodes: { [node]: 1 } }, ...more });
}

/** etcd takes 128 operations in one transaction. */
const atOnce = 100;

/** Resolves with the revision of the last transaction. */
async function written(
  { client, prefix }: Tools,
  values: Readonly<Record<string, Value | undefined>>,
): Promise<bigint> {
  const operations = Object.entries(values).map(([key, value]) => {
    const whole = `${prefix}/${key}`;
    if (value === undefined) return client.delete().key(whole);
    return client.put(whole).value(typeof value === 'string' ? value : JSON.stringify(value));
  });
  let revision = 0n;
  for (let first = 0; first < operations.length; first += atOnce) {
    const { header } = await client
      .if('\0', 'Create', '==', 0)
      .then(...operations.slice(first, first + atOnce))
      .commit();
    revision = BigInt(header.revision);
  }
  return revision;
}

function sideOf({ gateway, tools }: Started, bad: boolean, link: EtcdLink, before: string): Side {
  const becomes: Side['becomes'] = async (so, { expected, elseMs }) => {
    const deadline = performance.now() + (expected ? patienceMs : elseMs);
    while (!(await so())) {
      if (performance.now() > deadline) return false;
      await sleep(5);
    }
    return true;
  };
  const get = async (path: string, host = 'test.example'): Promise<string> => {
    const text = await exchange(
      { url: gateway.traffic },
      { name: path, head: [`GET ${path} HTTP/1.1`, `Host: ${host}`] },
      never,
    );
    const [head = '', body = ''] = text.split('\n-- ')[0]?.split('\n\n') ?? [];
    return `${/^HTTP\/1.1 (\d+)/.exec(head)?.[1] ?? text} ${body}`.trim();
  };
  return {
    gateway,
    bad,
    link,
    get,
    becomes,
    prefix: tools.prefix,
    node: tools.node,
    etcd: tools.client,
    route: routeTo(tools.node),
    write: (values) => written(tools, values),
    put: async (values) => inForce(gateway, await written(tools, values)),
    send: (head, more = {}) => exchange({ url: gateway.traffic }, { name: '', head, ...more }, never),
    served: (path, badMs) =>
      becomes(async () => (await get(path)).startsWith('200'), {
        expected: !bad || badMs === undefined,
        elseMs: badMs ?? patienceMs,
      }),
    metric: async (name) => valueIn(await counted(gateway), name) - valueIn(before, name),
    async loseHistory() {
      await link.inject({ kind: 'watch.refuse' }, 1);
      await link.inject({ kind: 'watch.cut' }, 1);
      await until(
        async () => (await gateway.workers()).every((worker) => worker.syncState !== 'watching'),
        'it is away',
      );
      // Two of them: a watch that goes on at the very revision that was compacted loses nothing.
      await written(tools, { 'elsewhere/mark': {} });
      const revision = await written(tools, { 'elsewhere/mark': {} });
      await tools.client.kv.compact({ revision: `${revision}`, physical: true }).catch((error: Error) => {
        // The other side was ahead of this one.
        if (!error.message.includes('compacted')) throw error;
      });
      await link.heal({ kind: 'watch.cut' });
      await link.heal({ kind: 'watch.refuse' });
    },
  };
}

/** For what has to come, however busy the host. Milliseconds. */
const patienceMs = 30_000;
const never = new AbortController().signal;
