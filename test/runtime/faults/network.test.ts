/** Faults of the network by toxiproxy: seen on each hop by a client of the test's own, beside what the injector says. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectNetwork } from '../../../harness/network/client.ts';
import { networkWorkload } from '../../../harness/network/workload.ts';
import { childrenOf, labelled } from '../../../harness/runtimes/residue.ts';
import type { Hop, NetworkFault } from '../../../scenarios/network-faults.ts';
import { startEchoUpstream } from '../../support/echo-upstream.ts';
import { freePort } from '../../support/etcd.ts';
import { putBy } from '../../support/etcd-json.ts';
import { until } from '../../support/http.ts';
import { KeptConnection } from '../../support/kept-connection.ts';
import { alive } from '../../support/processes.ts';
import { type Exchange, closing, exchange } from '../../support/raw-exchange.ts';
import { toxiproxy, withToxiproxy } from '../../support/toxiproxy.ts';
import { type WholeWorld, play, startWholeWorld } from '../../support/whole-world.ts';

const within = { timeout: 30_000, interval: 20 };
/** For what comes: on a host that is busy it may be late. Milliseconds. */
const patienceMs = 10_000;
const hops: readonly Hop[] = ['client->gateway', 'gateway->upstream', 'gateway->etcd'];
/** What each far side answers, and how. */
const asked: Readonly<Record<string, string>> = {
  'client->gateway': '/settled/0',
  'gateway->upstream': '/seq/1',
  'gateway->etcd': '/version',
};

interface Case {
  readonly fault: (hop: Hop) => NetworkFault;
  readonly proof: RegExp;
  readonly holds: (one: Exchange) => void;
  /** Of a connection that was open before. */
  readonly kept?: 'answers' | 'ended' | 'silent';
  /** In the place of the usual ones. */
  readonly headers?: string;
}

const cases: readonly Case[] = [
  {
    fault: (hop) => ({ kind: 'network.latency', hop, by: '200ms', jitter: '50ms' }),
    proof: /has step-1-latency-downstream on .*answered after \d{3,} ms$/,
    holds: ({ firstMs, how }) => {
      expect(firstMs).toBeGreaterThanOrEqual(148);
      expect(how).toBe('end');
    },
    kept: 'answers',
  },
  {
    fault: (hop) => ({ kind: 'network.bandwidth', hop, kilobytesPerSecond: 20 }),
    proof:
      /has step-1-bandwidth-upstream and step-1-bandwidth-downstream|has step-1-bandwidth-downstream and step-1-bandwidth-upstream/,
    headers: `X-Padding: ${'y'.repeat(6_000)}\r\n${closing}`,
    holds: ({ firstMs }) => expect(firstMs).toBeGreaterThanOrEqual(298),
    kept: 'answers',
  },
  {
    fault: (hop) => ({ kind: 'network.reset', hop }),
    proof: /has step-1-reset_peer-downstream on .*an own request was reset$/,
    holds: ({ text, how }) => expect([text, how]).toEqual(['', 'ECONNRESET']),
    kept: 'ended',
  },
  {
    fault: (hop) => ({ kind: 'network.timeout', hop }),
    headers: 'Connection: keep-alive\r\n',
    proof: /has step-1-timeout-downstream on .*without an answer for \d{3,} ms$/,
    holds: ({ text, how }) => expect([text, how]).toEqual(['', 'open']),
    kept: 'silent',
  },
  {
    fault: (hop) => ({ kind: 'network.timeout', hop, after: '200ms' }),
    headers: 'Connection: keep-alive\r\n',
    proof: /has step-1-timeout-downstream on .*closed without an answer$/,
    holds: ({ text, how, endMs }) => {
      expect([text, how]).toEqual(['', 'end']);
      expect(endMs).toBeGreaterThanOrEqual(198);
    },
    kept: 'ended',
  },
  {
    fault: (hop) => ({ kind: 'network.slow-close', hop, by: '300ms' }),
    proof: /closed \d{3,} ms after its last byte$/,
    holds: ({ lastMs, endMs, how }) => {
      expect(how).toBe('end');
      expect(endMs - lastMs).toBeGreaterThanOrEqual(295);
    },
    kept: 'answers',
  },
  {
    fault: (hop) => ({ kind: 'network.slice', hop, bytes: 30, pause: '10ms' }),
    proof: /answered \d+ in \d+ pieces$/,
    holds: ({ pieces, firstMs, lastMs }) => {
      expect(pieces).toBeGreaterThan(2);
      expect(lastMs - firstMs).toBeGreaterThan(18);
    },
    kept: 'answers',
  },
  {
    fault: (hop) => ({ kind: 'network.down', hop }),
    proof: /has its proxy disabled on .*an own request was refused$/,
    holds: ({ how }) => expect(how).toBe('ECONNREFUSED'),
    kept: 'ended',
  },
];

describe.skipIf(toxiproxy === undefined)(withToxiproxy, () => {
  let whole: WholeWorld;
  beforeAll(async () => {
    whole = await startWholeWorld(hops.map((hop) => ({ kind: 'network.down', hop })));
  }, 360_000);
  afterAll(() => whole[Symbol.asyncDispose]());

  describe.each(hops)('%s', (hop) => {
    test.each(cases.map((each) => [JSON.stringify(each.fault(hop)), each] as const))('%s', async (_name, each) => {
      const { world } = whole;
      const near = world.network.near(hop);
      const see = (headers?: string, withinMs = patienceMs): Promise<Exchange> =>
        exchange(near, asked[hop] ?? '', withinMs, headers);
      const silent = each.kept === 'silent';
      const isWell = async (): Promise<boolean> => {
        const { text, endMs, how } = await see();
        return text.startsWith('HTTP/1.1 200') && endMs < 150 && how === 'end';
      };
      await until(isWell, 'the hop is well');
      using kept = new KeptConnection(near);
      expect(await kept.ask(patienceMs)).toBe('answers');
      const played = await play(each.fault(hop), world);
      expect(played.proof).toMatch(each.proof);
      each.holds(await see(each.headers, silent ? 1_000 : patienceMs));
      expect(await kept.ask(silent ? 400 : patienceMs)).toBe(each.kept);
      expect(await played.heal()).toBe(`toxiproxy has nothing of it on ${hop}`);
      await until(isWell, 'the hop is well again');
    });
  });

  test('an etcd behind TLS: the gateway comes to it through the hop, where faults are proven as in the clear', async () => {
    const hop = 'gateway->etcd';
    await using secret = await startWholeWorld([{ kind: 'network.down', hop }], '', { tls: true });
    const { world } = secret;
    const near = world.network.near(hop);
    expect(near.protocol).toBe('https:');
    const { connections } = (await world.link.counters()).json;
    expect(connections + (await world.link.counters()).grpc.connections).toBeGreaterThan(0);
    for (const { fault } of cases) {
      if (fault(hop).kind === 'network.slice' || fault(hop).kind === 'network.slow-close') continue;
      const played = await play(fault(hop), world);
      // The numbers are larger than in the clear: the handshake is hurt too.
      expect(played.proof).toMatch(/^toxiproxy has .* on gateway->etcd; an own request was /);
      expect(await played.heal()).toBe(`toxiproxy has nothing of it on ${hop}`);
    }
    // A route of later: the gateway follows through the hop still.
    const spec = { id: 'later', path: '/later', seq: 9, upstream: world.upstream };
    const [{ key, value }] = world.driver.route(world.prefix, spec);
    const client = new Etcd3({ hosts: world.etcd.origin });
    await client.put(key).value(value);
    client.close();
    const served = async (): Promise<boolean> => (await fetch(new URL('/later', world.gateway.traffic))).ok;
    await until(served, 'the gateway follows');
  }, 360_000);

  test('between three members of etcd: each holds, writes take longer, then there is no majority, then all is well', async () => {
    const hop = 'etcd->etcd';
    await using three = await startWholeWorld([{ kind: 'network.down', hop }], '', { members: 3 });
    const { world } = three;
    const put = async (): Promise<readonly [number, number]> => {
      const started = performance.now();
      return [await putBy(world.etcd, '/apart', 'x'), performance.now() - started];
    };
    const isQuick = async (): Promise<boolean> => {
      const [status, ms] = await put();
      return status === 200 && ms < 150;
    };
    await until(isQuick, 'the members agree');
    const late = await play({ kind: 'network.latency', hop, by: '200ms' }, world);
    expect(late.proof).toMatch(
      /^toxiproxy has step-1-latency-downstream on etcd->etcd; an own request was answered after /,
    );
    const [, ms] = await put();
    expect(ms).toBeGreaterThan(190);
    await late.heal();
    await until(isQuick, 'the members agree quickly again');
    for (const each of cases) {
      const played = await play(each.fault(hop), world);
      expect(played.proof).toMatch(each.proof);
      const silentMs = each.kept === 'silent' ? 1_000 : patienceMs;
      each.holds(await exchange(world.network.near(hop), asked['gateway->etcd'] ?? '', silentMs, each.headers));
      expect(await played.heal()).toBe('toxiproxy has nothing of it on etcd->etcd');
      await until(isQuick, 'the members agree after it', 60_000);
    }
    const down = await play({ kind: 'network.down', hop }, world);
    // Nobody has a majority: no answer within the patience of its client.
    expect(await put()).toEqual([0, expect.any(Number)]);
    expect(await down.heal()).toBe('toxiproxy has nothing of it on etcd->etcd');
    await until(isQuick, 'the members agree again', 60_000);
  }, 720_000);

  test('two faults on one hop: the end of one leaves the other', async () => {
    const { world } = whole;
    const hop = 'gateway->upstream';
    const near = world.network.near(hop);
    const down = await play({ kind: 'network.down', hop }, world, 0);
    await down.heal();
    const late = await play({ kind: 'network.latency', hop, by: '200ms' }, world, 1);
    const closing = await play({ kind: 'network.slow-close', hop, by: '200ms' }, world, 2);
    await late.heal();
    const isQuick = async (): Promise<boolean> => {
      const { firstMs, lastMs, endMs } = await exchange(near, '/seq/1', patienceMs);
      expect(endMs - lastMs).toBeGreaterThanOrEqual(195);
      return firstMs < 150;
    };
    await until(isQuick, 'an answer is not late any more, and its end still is');
    await closing.heal();
  });

  test('a hop that the timeline does not hurt has no proxy, and says so', async () => {
    await using plain = await startWholeWorld();
    expect(plain.world.network.whyNot('gateway->etcd')).toBe('the timeline hurts no hop of the network');
    expect(labelled(plain.runId).filter(({ command }) => command.includes('toxiproxy'))).toEqual([]);
    await expect(play({ kind: 'network.down', hop: 'gateway->etcd' }, plain.world)).rejects.toThrow('hurts no hop');
  });

  test('a harness that has died leaves no toxic behind: healed without heartbeats, ended with its stdin', async () => {
    await using upstream = await startEchoUpstream();
    const [api, control] = [await freePort(), await freePort()].map((port) => new URL(`http://127.0.0.1:${port}`));
    if (api === undefined || control === undefined) throw new Error('two addresses');
    if (toxiproxy === undefined) throw new Error('it is skipped without one');
    const { command, args, env } = networkWorkload({ toxiproxy, api, control });
    const guard = spawn(command, args, {
      env: { ...process.env, ...env, NETWORK_HEARTBEAT_MS: '3000' },
      stdio: ['pipe', 'ignore', 'inherit'],
    });
    const ended = once(guard, 'exit');
    await until(
      () =>
        fetch(new URL('/version', api)).then(
          ({ ok }) => ok,
          () => false,
        ),
      'toxiproxy answers',
    );
    const hop = 'gateway->upstream';
    const address = async (): Promise<URL> => new URL(`http://127.0.0.1:${await freePort()}`);
    const network = connectNetwork({ api, control, address }, new Set([hop]));
    const near = await network.through(hop, upstream.echo.address);
    await network.inject({ kind: 'network.down', hop }, 0);
    expect((await exchange(near, '/')).how).toBe('ECONNREFUSED');
    network[Symbol.dispose]();
    await expect.poll(async () => (await exchange(near, '/')).how, within).toBe('end');
    const children = childrenOf(guard.pid ?? -1);
    expect(children).toHaveLength(1);
    guard.stdin?.end();
    await ended;
    await until(() => children.every((pid) => !alive(pid)), 'toxiproxy has ended with its guard');
  });
});
