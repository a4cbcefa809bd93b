/**
 * One etcd for a test file, and gateway processes that its tests use one after the other. Each process has a prefix of its
 * own, which is emptied before the next test gets it; so a table of fifty cases costs one start and not fifty.
 */
import { Etcd3 } from 'etcd3';
import { afterAll } from 'vitest';
import { type TestEtcd, startEtcd } from './etcd.ts';
import { type TestGateway, startGateway } from './gateway.ts';
import { until } from './http.ts';

export interface SharedGateway {
  readonly gateway: TestGateway;
  readonly prefix: string;
}

/** Settings of a gateway, by the names of their variables. */
export type Settings = Readonly<Record<string, string>>;

interface World {
  readonly etcd: TestEtcd;
  readonly client: Etcd3;
}

let world: Promise<World> | undefined;
const started: TestGateway[] = [];
const idle = new Map<string, SharedGateway[]>();

afterAll(async () => {
  if (world === undefined) return;
  const { etcd, client } = await world;
  client.close();
  await Promise.all([...started, etcd].map((each) => each[Symbol.asyncDispose]()));
});

async function startWorld(): Promise<World> {
  const etcd = await startEtcd();
  return { etcd, client: new Etcd3({ hosts: etcd.url.origin }) };
}

/** Ready, with no configuration, and used by nobody else; `alone`: nor has anybody used it before. */
export async function takeGateway(settings: Settings, alone = false): Promise<SharedGateway> {
  const rested = alone ? undefined : idle.get(JSON.stringify(settings))?.pop();
  return rested ?? (await startShared(settings));
}

async function startShared(settings: Settings): Promise<SharedGateway> {
  const { etcd } = await (world ??= startWorld());
  const prefix = `/t${started.length}`;
  const gateway = await startGateway({ etcd: etcd.url, prefix, env: settings });
  started.push(gateway);
  await until(() => gateway.ready(), 'the gateway is ready');
  return { gateway, prefix };
}

/** Takes its configuration away and leaves it to the next test. */
export async function giveBack(settings: Settings, shared: SharedGateway): Promise<void> {
  const { client } = await startedWorld();
  const { header, deleted } = await client.delete().prefix(`${shared.prefix}/`);
  if (deleted !== '0') await inForce(shared.gateway, header.revision);
  const key = JSON.stringify(settings);
  idle.set(key, [...(idle.get(key) ?? []), shared]);
}

/**
 * Resolves when the gateway has read it. Rejects with the gateway's own reason when it refuses the value. Undefined deletes;
 * `key` is such as `routes/a`; a string goes as it is.
 */
export async function putValue(
  { gateway, prefix }: SharedGateway,
  key: string,
  value: object | string | undefined,
): Promise<void> {
  const { client } = await startedWorld();
  const name = `${prefix}/${key}`;
  const text = typeof value === 'string' ? value : JSON.stringify(value);
  const { header } = await (value === undefined ? client.delete().key(name) : client.put(name).value(text));
  await inForce(gateway, header.revision);
  const reason = (await gateway.workers()).map(({ rejected }) => rejected[name]).find((each) => each !== undefined);
  if (reason !== undefined) throw new Error(`${key}: ${reason}`);
}

async function inForce(gateway: TestGateway, revision: string): Promise<void> {
  const reached = async (): Promise<boolean> =>
    (await gateway.workers()).every((worker) => BigInt(worker.revision) >= BigInt(revision));
  await until(reached, `revision ${revision} in force`);
}

async function startedWorld(): Promise<World> {
  if (world === undefined) throw new Error('no gateway has been started');
  return await world;
}
