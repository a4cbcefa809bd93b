/** Balancers as requests see them. */
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { bodies, countOf, startNamed } from '../../../support/named-servers.ts';
import { type Ask, type TestServer, ask, startServer, until } from '../../../support/http.ts';
import { startProxy } from '../../../support/proxy.ts';

/** By then both nodes have answered, but for one time in 30,000: until then chance decides between them. */
const first = 15;

test('ewma: the slow node gets little', async () => {
  await using slow = await startNamed('slow');
  await using quick = await startNamed('quick');
  slow.delayMs = 400;
  await using proxy = await startProxy([slow.node, quick.node], { upstream: { type: 'ewma' } });
  expect(countOf((await bodies(proxy.port, 40)).slice(first), 'slow')).toBeLessThan(5);
});

test('ewma: the node that refuses gets little', async () => {
  await using dead = await startNamed('dead');
  await using good = await startNamed('good');
  await dead.die();
  await using proxy = await startProxy([dead.node, good.node], { upstream: { type: 'ewma', retries: 0 } });
  expect(countOf((await bodies(proxy.port, 40)).slice(first), '502')).toBeLessThan(5);
  await dead.comeBack();
});

/** Answers with its name, and not before it is told to. */
async function startHolding(
  name: string,
): Promise<TestServer & { readonly held: () => number; readonly release: () => void }> {
  const waiting: ServerResponse[] = [];
  const server = await startServer((_request, response) => void waiting.push(response));
  return {
    ...server,
    held: () => waiting.length,
    release() {
      for (const response of waiting) response.end(name);
    },
  };
}

test('least_conn: a node that is added gets what is new, for the others still have their load', async () => {
  await using old = await startHolding('old');
  await using added = await startHolding('added');
  await using proxy = await startProxy([old.node], { upstream: { type: 'least_conn' } });
  const held = Array.from({ length: 6 }, () => ask(proxy.port));
  await until(() => old.held() === 6, 'all are under way');
  await proxy.put('routes/r', { uri: '/*', upstream: { type: 'least_conn', nodes: [old.node, added.node] } });
  const fresh = Array.from({ length: 6 }, () => ask(proxy.port));
  await until(() => old.held() + added.held() === 12, 'the new ones are under way too');
  for (const server of [old, added]) server.release();
  expect((await Promise.all(fresh)).map(({ body }) => body)).toEqual(Array(6).fill('added'));
  await Promise.all(held);
});

test('roundrobin: five to one is five to one, and the rare one does not wait for its turn to the end', async () => {
  await using often = await startNamed('often', { weight: 5 });
  await using rare = await startNamed('rare', { weight: 1 });
  await using proxy = await startProxy([often.node, rare.node]);
  const answers = await bodies(proxy.port, 12);
  for (const round of [answers.slice(0, 6), answers.slice(6)]) {
    expect([countOf(round, 'often'), countOf(round, 'rare')]).toEqual([5, 1]);
    expect(round.at(-1)).toBe('often');
  }
});

/** So many that not all have the same node by chance. */
const users = Array.from({ length: 24 }, (_, index) => `user${index}`);

test.each<[string, object, (user: string, noise: number) => Ask]>([
  ['a header', { hash_on: 'header', key: 'X-User' }, (user) => ({ headers: { 'x-user': user } })],
  [
    'a cookie',
    { hash_on: 'cookie', key: 'session' },
    (user, noise) => ({ headers: { cookie: `noise=${noise}; session=${user}` } }),
  ],
  [
    'several variables',
    { hash_on: 'vars_combinations', key: '$host/${arg_user}' },
    (user, noise) => ({ path: `/${noise}?user=${user}`, headers: { host: 'h.com' } }),
  ],
  ['the consumer', { hash_on: 'consumer' }, (user, noise) => ({ path: `/${noise}`, headers: { apikey: user } })],
])('chash by %s: whoever is the same has the same node, and others have others', async (_by, hash, question) => {
  await using one = await startNamed('one');
  await using other = await startNamed('other');
  const wishes = { upstream: { type: 'chash', ...hash }, plugins: { 'key-auth': { query: 'none' } } };
  const plain = 'hash_on' in hash && hash.hash_on === 'consumer' ? wishes : { upstream: wishes.upstream };
  await using proxy = await startProxy([one.node, other.node], plain);
  for (const username of users)
    await proxy.put(`consumers/${username}`, { username, plugins: { 'key-auth': { key: username } } });
  const homes = new Set<string>();
  for (const user of users) {
    const answers = await Promise.all([1, 2, 3].map((noise) => ask(proxy.port, question(user, noise))));
    const nodes = new Set(answers.map(({ status, body }) => `${status} ${body}`));
    expect(nodes.size).toBe(1);
    for (const node of nodes) homes.add(node);
  }
  expect(homes).toEqual(new Set(['200 one', '200 other']));
});

test('chash: a key stays, goes elsewhere while its node is out, and comes back', async () => {
  await using one = await startNamed('one');
  await using other = await startNamed('other');
  const upstream = { type: 'chash', key: 'arg_user' };
  await using proxy = await startProxy([one.node, other.node], { upstream });
  const [home] = await bodies(proxy.port, 1, '/?user=42');
  expect(new Set(await bodies(proxy.port, 5, '/?user=42'))).toEqual(new Set([home]));
  const server = home === 'one' ? one : other;
  await server.die();
  expect(new Set(await bodies(proxy.port, 5, '/?user=42'))).toEqual(new Set([home === 'one' ? 'other' : 'one']));
  await server.comeBack();
  expect(new Set(await bodies(proxy.port, 5, '/?user=42'))).toEqual(new Set([home]));
});
