/** Faults of the echo upstream: seen by a client of the test's own below HTTP, beside what the injector says. */
import { Resolver } from 'node:dns/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { World } from '../../../harness/model/ports.ts';
import type { UpstreamFault } from '../../../scenarios/upstream-faults.ts';
import { type TestEcho, startEchoUpstream } from '../../support/echo-upstream.ts';
import { until } from '../../support/http.ts';
import { KeptConnection } from '../../support/kept-connection.ts';
import { type Exchange, exchange } from '../../support/raw-exchange.ts';
import { play, startWholeWorld } from '../../support/whole-world.ts';

const within = { timeout: 30_000, interval: 20 };
/** For what comes: on a host that is busy it may be late. Milliseconds. */
const patienceMs = 10_000;
let started: TestEcho;
let world: World;
beforeAll(async () => {
  started = await startEchoUpstream();
  // Injectors of the upstream need no more of a world.
  world = { echo: started.echo, seesRefusals: true } as unknown as World;
});
afterAll(() => started[Symbol.asyncDispose]());

const bodyOf = ({ text }: Exchange): string => text.slice(text.indexOf('\r\n\r\n') + 4);
const ask = (path = '/seq/1234'): Promise<Exchange> => exchange(started.echo.address, path, patienceMs);

async function answersWell(): Promise<void> {
  const soon = async (): Promise<boolean> => {
    const one = await ask();
    expect([one.text.slice(9, 12), bodyOf(one), one.how]).toEqual(['200', '/seq/1234', 'end']);
    return one.endMs < 250;
  };
  await until(soon, 'it answers soon');
}

test.each<[UpstreamFault, RegExp, (one: Exchange) => void]>([
  [
    { kind: 'upstream.slow', by: '300ms' },
    /^\d+ answers came later; an own request was answered after \d{3,} ms$/,
    (one) => {
      expect(one.firstMs).toBeGreaterThanOrEqual(299);
      expect(bodyOf(one)).toBe('/seq/1234');
    },
  ],
  [
    { kind: 'upstream.refuse' },
    /^1 time its door was closed; an own request was refused$/,
    (one) => expect(one.how).toBe('ECONNREFUSED'),
  ],
  [
    { kind: 'upstream.reset' },
    /reset with 0 bytes of a body$/,
    (one) => expect([one.how, one.text]).toEqual(['ECONNRESET', '']),
  ],
  [
    { kind: 'upstream.reset', afterBytes: 3 },
    /reset with [0-3] bytes of a body$/,
    (one) => expect([one.how, bodyOf(one)]).toEqual(['ECONNRESET', '/se']),
  ],
  [
    { kind: 'upstream.error', status: 503, share: 1 },
    /an own request was answered 503$/,
    (one) => expect(one.text).toMatch(/^HTTP\/1\.1 503 /),
  ],
  [
    { kind: 'upstream.wrong-length', by: 5 },
    /answered with 12 bytes where 17 were promised$/,
    (one) => {
      expect(one.text.toLowerCase()).toContain('content-length: 14\r\n');
      expect([bodyOf(one), one.how]).toEqual(['/seq/1234', 'end']);
    },
  ],
  [
    { kind: 'upstream.wrong-length', by: -4 },
    /answered with 12 bytes where 8 were promised$/,
    (one) => {
      expect(one.text.toLowerCase()).toContain('content-length: 5\r\n');
      expect(bodyOf(one)).toBe('/seq/1234');
    },
  ],
])('%j holds for a client of its own, and is gone after the heal', async (fault, proof, holds) => {
  await answersWell();
  const played = await play(fault, world);
  expect(played.proof).toMatch(proof);
  holds(await ask());
  expect(await played.heal()).toBe(`the upstream holds no ${fault.kind}`);
  await answersWell();
});

test('an upstream that refuses closes those who are connected, too', async () => {
  using kept = new KeptConnection(started.echo.address);
  expect(await kept.ask(patienceMs)).toBe('answers');
  const played = await play({ kind: 'upstream.refuse' }, world);
  expect(await kept.ask(patienceMs)).toBe('ended');
  await played.heal();
  await answersWell();
});

test('one that flaps refuses and serves, and refuses and serves again', async () => {
  const played = await play({ kind: 'upstream.flap', down: '100ms', up: '100ms' }, world);
  expect(played.proof).toMatch(/^\d+ times its door was closed; an own request was refused, and another answered$/);
  const turns: string[] = [];
  const look = async (): Promise<number> => {
    const how = (await ask()).how === 'ECONNREFUSED' ? 'refuses' : 'serves';
    if (turns.at(-1) !== how) turns.push(how);
    return turns.length;
  };
  await expect.poll(look, { ...within, interval: 5 }).toBeGreaterThanOrEqual(5);
  expect(await played.heal()).toBe('the upstream holds no upstream.flap');
  await answersWell();
});

test('a share of errors is exact', async () => {
  const played = await play({ kind: 'upstream.error', status: 502, share: 0.3 }, world);
  const statuses: string[] = [];
  for (let index = 0; index < 30; index++) statuses.push((await ask()).text.slice(9, 12));
  expect(statuses.filter((status) => status === '502')).toHaveLength(9);
  await played.heal();
});

test('two faults hold together, and the end of one leaves the other', async () => {
  const slow = await play({ kind: 'upstream.slow', by: '200ms' }, world);
  const error = await play({ kind: 'upstream.error', status: 500, share: 1 }, world, 1);
  const both = await ask();
  expect([both.text.slice(9, 12), both.firstMs >= 199]).toEqual(['500', true]);
  await slow.heal();
  const soon = async (): Promise<boolean> => {
    const one = await ask();
    expect(one.text.slice(9, 12)).toBe('500');
    return one.firstMs < 150;
  };
  await until(soon, 'it answers soon, with an error');
  await error.heal();
  await answersWell();
});

test('a harness that has died leaves no fault behind: without heartbeats the upstream heals itself', async () => {
  await using lonely = await startEchoUpstream({ heartbeatMs: 2_000 });
  await lonely.echo.inject({ kind: 'upstream.refuse' });
  expect((await exchange(lonely.echo.address, '/')).how).toBe('ECONNREFUSED');
  lonely.echo[Symbol.dispose]();
  await expect.poll(async () => (await exchange(lonely.echo.address, '/')).how, within).toBe('end');
});

test('the DNS leads nowhere and elsewhere: the gateway is told so, and follows it back', async () => {
  const faults: readonly UpstreamFault[] = [
    { kind: 'upstream.dns', leads: 'elsewhere' },
    { kind: 'upstream.dns', leads: 'nowhere' },
  ];
  await using whole = await startWholeWorld(faults);
  const { upstream, echo, gateway } = whole.world;
  const resolver = new Resolver({ timeout: 30_000, tries: 2 });
  resolver.setServers([echo.names?.host ?? '']);
  const told = (): Promise<string> =>
    resolver.resolve4(upstream.hostname).then(String, ({ code }: NodeJS.ErrnoException) => String(code));
  const served = async (): Promise<number> => (await fetch(new URL('/settled/0', gateway.traffic))).status;
  await expect.poll(served, within).toBe(200);
  expect(await told()).toBe('127.0.0.1');
  const elsewhere = await play(faults[0] as UpstreamFault, whole.world);
  expect(elsewhere.proof).toMatch(/^the DNS server has told so \d+ times; an own question was answered 127\.0\.0\.2$/);
  expect(await told()).toBe('127.0.0.2');
  // A name says nothing to connections that are open: they are closed, so that new ones go where nobody is.
  const closing = await play({ kind: 'upstream.refuse' }, whole.world, 1);
  await closing.heal();
  await expect.poll(served, within).toBe(502);
  expect(await elsewhere.heal()).toBe('the DNS tells 127.0.0.1 again');
  await expect.poll(served, within).toBe(200);
  const nowhere = await play(faults[1] as UpstreamFault, whole.world, 1);
  expect(await told()).toBe('ENOTFOUND');
  expect(await nowhere.heal()).toBe('the DNS tells 127.0.0.1 again');
  expect(await told()).toBe('127.0.0.1');
});

test('routes name an address where no timeline is about names', async () => {
  await using whole = await startWholeWorld();
  expect(whole.world.upstream.hostname).toBe('127.0.0.1');
  await expect(play({ kind: 'upstream.dns', leads: 'nowhere' }, whole.world)).rejects.toThrow('no DNS server of ours');
});
