/** What Kong's companion asks of its Admin API, on a real etcd: all routes, whenever one has changed, and again when it was refused. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { companionWorkload } from '../../../harness/gateways/carrier/companion.ts';
import { apisixLayout } from '../../../harness/gateways/layouts/apisix.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

const within = { timeout: 30_000, interval: 20 };

test('routes are posted whole as a declarative configuration, which nothing that is stored can break', async () => {
  await using started = await startTrialWorld();
  const { world } = started;
  const asked: string[] = [];
  let refusals = 1;
  // As Kong's documentation describes it: 201 with the configuration, 400 for one that it does not take.
  const admin = createServer((request, response) => {
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      asked.push(`${request.method} ${request.url} ${body}`);
      response.writeHead(refusals-- > 0 ? 400 : 201).end('{}');
    });
  }).listen(0, '127.0.0.1');
  await once(admin, 'listening');
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-kong-'));
  const settings = {
    ...world,
    etcdUser: undefined,
    etcdCa: undefined,
    workers: 2,
    watchTimeoutMs: 60_000,
    dns: undefined,
    room: undefined,
    scratch: folder,
  };
  const told = { admin: `http://127.0.0.1:${(admin.address() as AddressInfo).port}` };
  const workload = companionWorkload(path.resolve('harness/gateways/kong/main.ts'), folder, settings, told);
  const companion: ChildProcess = spawn(workload.command, [...workload.args], {
    stdio: ['pipe', 'inherit', 'inherit'],
  });
  const client = new Etcd3({ hosts: world.etcd.origin });
  try {
    await expect.poll(() => asked.length, within).toBeGreaterThanOrEqual(2);
    const upstream = new URL('http://127.0.0.1:9001');
    const [{ key, value }] = apisixLayout.route('/apisix', { id: 'a.b', path: '/a.b', seq: 7, upstream });
    await client.put(key).value(value);
    await client.put('/apisix/routes/poison').value('{"uri": null}');
    await expect.poll(() => asked.at(-1), within).toContain('/seq/7');
    expect(JSON.parse(asked.at(-1)?.replace('POST /config ', '') ?? '')).toEqual({
      _format_version: '3.0',
      _transform: true,
      services: [
        {
          name: 's0',
          url: 'http://127.0.0.1:9001/seq/7',
          routes: [{ name: 'r0', paths: [String.raw`~/a\.b$`], strip_path: true, preserve_host: true }],
        },
      ],
    });
    await client.delete().key(key);
    await expect.poll(() => asked.at(-1), within).toContain('"services":[]');
  } finally {
    client.close();
    companion.kill();
    admin.close();
    rmSync(folder, { recursive: true });
  }
});
