import { createServer } from 'node:http';
import { expect, test } from 'vitest';
import { startEtcd } from '../../support/etcd.ts';
import { startGateway } from '../../support/gateway.ts';

test('all mistakes of the settings are told at once', async () => {
  await using bad = await startGateway({
    etcd: new URL('http://127.0.0.1:9'),
    workers: 0,
    mutants: 'nonsense',
    prefix: 'no-slash',
  });
  expect(await bad.exited).toBe(2);
  expect(bad.log()).toMatch(/GATEWAY_WORKERS[\s\S]*GATEWAY_PREFIX[\s\S]*nonsense/);
});

test('a taken listen address ends the whole gateway with a line that says so', async () => {
  await using etcd = await startEtcd();
  await using first = await startGateway({ etcd: etcd.url });
  await expect.poll(() => first.ready(), { timeout: 60_000 }).toBe(true);
  const squatter = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => squatter.once('listening', resolve));
  const address = squatter.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  await using second = await startGateway({ etcd: etcd.url, listen: new URL(`http://127.0.0.1:${address.port}`) });
  expect(await second.exited).toBe(3);
  expect(second.log()).toContain('taken');
  squatter.close();
});
