/** Processes of the gateway end and stand still: seen by clients of the test's own that stay connected to each worker. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { GatewayFault } from '../../../../scenarios/gateway-faults.ts';
import { until } from '../../../support/http.ts';
import { type Said, askAnew, keepOneToEach } from '../../../support/kept-connection.ts';
import { alive } from '../../../support/processes.ts';
import { type WholeWorld, play, startWholeWorld } from '../../../support/whole-world.ts';

const never = new AbortController().signal;
const within = { timeout: 30_000, interval: 20 };
let whole: WholeWorld;
beforeAll(async () => {
  whole = await startWholeWorld();
});
afterAll(() => whole[Symbol.asyncDispose]());

test.each<[GatewayFault, RegExp, readonly Said[], Said, readonly Said[]]>([
  [
    { kind: 'gateway.kill', target: 'worker' },
    /^worker process \d+ has ended after \d+ ms; the gateway has [12] others$/,
    ['answers', 'ended'],
    'answers',
    ['answers', 'ended'],
  ],
  [
    { kind: 'gateway.kill', target: 'master' },
    /^master process \d+ has ended/,
    ['ended', 'ended'],
    'refused',
    ['ended', 'ended'],
  ],
  [
    { kind: 'gateway.kill', target: 'gateway' },
    /; nothing is left of the gateway$/,
    ['ended', 'ended'],
    'refused',
    ['ended', 'ended'],
  ],
  [
    { kind: 'gateway.term', target: 'worker' },
    /^worker process \d+ has ended/,
    ['answers', 'ended'],
    'answers',
    ['answers', 'ended'],
  ],
  [
    { kind: 'gateway.term', target: 'master' },
    /^master process \d+ has ended/,
    ['ended', 'ended'],
    'refused',
    ['ended', 'ended'],
  ],
  [
    { kind: 'gateway.term', target: 'gateway' },
    /; nothing is left of the gateway$/,
    ['ended', 'ended'],
    'refused',
    ['ended', 'ended'],
  ],
  [
    { kind: 'gateway.pause', target: 'worker' },
    /is the worker; 1 of 3 processes stand still$/,
    ['answers', 'silent'],
    'answers',
    ['answers', 'answers'],
  ],
  [
    { kind: 'gateway.pause', target: 'master' },
    /is the master; 1 of 3 processes stand still$/,
    ['answers', 'answers'],
    'silent',
    ['answers', 'answers'],
  ],
  [
    { kind: 'gateway.pause', target: 'gateway' },
    /3 of 3 processes stand still; a request gets no answer in 300 ms$/,
    ['silent', 'silent'],
    'silent',
    ['answers', 'answers'],
  ],
])('%j is seen by those who are connected and those who connect, and is over after the heal', async (...row) => {
  const [fault, proof, connected, anew, after] = row;
  const { world } = whole;
  await until(() => world.gateway.ready(never), 'the gateway is ready');
  const kept = await keepOneToEach(world.gateway.traffic, 2);
  const said = async (): Promise<readonly Said[]> =>
    (await Promise.all(kept.map((connection) => connection.ask()))).toSorted();
  const played = await play(fault, world);
  expect(played.proof).toMatch(proof);
  const pid = Number(/process (\d+)/.exec(played.proof)?.[1]);
  expect(alive(pid)).toBe(fault.kind === 'gateway.pause');
  await expect.poll(said, within).toEqual(connected);
  await expect.poll(() => askAnew(world.gateway.traffic), within).toBe(anew);
  expect(await played.heal()).toMatch(
    fault.kind === 'gateway.pause' ? /no process of the gateway stands still/ : /the gateway runs as process/,
  );
  await expect.poll(() => askAnew(world.gateway.traffic), within).toBe('answers');
  await expect.poll(said, within).toEqual(after);
  for (const connection of kept) connection[Symbol.dispose]();
  // None of these deaths is one of the trial.
  expect(await Promise.race([world.died, Promise.resolve('lives')])).toBe('lives');
});

test('a gateway that ends without being told to is a death of the trial', async () => {
  await using other = await startWholeWorld();
  other.world.signal('gateway', 'SIGKILL');
  await expect(other.world.died).rejects.toThrow('gateway ended by itself with signal SIGKILL');
});
