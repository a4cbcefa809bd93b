/** Clients of other makes over the proxy's own HTTP/2: grpc-js, npm etcd3, etcdctl (Go), Node's client and curl (nghttp2). */
import { type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { type ClientHttp2Session, connect } from 'node:http2';
import { Etcd3 } from 'etcd3';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectWatches } from '../../../gateway/etcd/raw-watch.ts';
import { rpc } from '../../../gateway/etcd/rpc.ts';
import { rangeOf } from '../../../gateway/etcd/words.ts';
import { type TestAuthority, type TestCertificate, createAuthority } from '../../support/certificate.ts';
import { type TestEtcd, openAccess, startEtcd } from '../../support/etcd.ts';
import { until } from '../../support/http.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';

let etcd: TestEtcd;
let direct: Etcd3;
let authority: TestAuthority;
let certificate: TestCertificate;
let plain: TestWatchProxy;
let secure: TestWatchProxy;
/** Of the proxy with TLS. */
let secureUrl: URL;

beforeAll(async () => {
  etcd = await startEtcd();
  direct = new Etcd3({ hosts: etcd.url.origin });
  authority = createAuthority();
  certificate = authority.issue('127.0.0.1');
  plain = await startWatchProxy(etcd.url);
  const tls = { WATCH_PROXY_CERT: certificate.certFile, WATCH_PROXY_KEY: certificate.keyFile };
  secure = await startWatchProxy(etcd.url, tls);
  secureUrl = new URL(`https://${secure.url.host}`);
});

afterAll(async () => {
  direct.close();
  await plain[Symbol.asyncDispose]();
  await secure[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
  authority[Symbol.dispose]();
});

const lacks = (program: string, args: readonly string[]): string | undefined => {
  const { status, stdout } = spawnSync(program, args, { encoding: 'utf8', env: { ...process.env, ETCDCTL_API: '3' } });
  if (status !== 0) return `${program} is not installed`;
  return program === 'curl' && !stdout.includes('HTTP2') ? 'curl is built without HTTP/2' : undefined;
};
const noEtcdctl = lacks('etcdctl', ['version']);
const noCurl = lacks('curl', ['--version']);

/** As a message of gRPC. */
function framed(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

describe.each(['cleartext', 'TLS'])('over %s', (kind) => {
  const isSecure = kind === 'TLS';
  const url = (): URL => (isSecure ? secureUrl : plain.url);
  const prefix = `/apisix/${kind}/`;
  const nodeClient = (): ClientHttp2Session => connect(url(), isSecure ? { ca: authority.ca } : {});

  test('grpc-js watches and npm etcd3 reads and writes', async () => {
    const credentials = isSecure ? { credentials: { rootCertificate: Buffer.from(authority.ca) } } : {};
    const client = new Etcd3({ hosts: url().origin, ...credentials });
    const access = { ...openAccess(url()), ...(isSecure ? { ca: Buffer.from(authority.ca) } : {}) };
    const watches = connectWatches(access);
    const stop = new AbortController();
    const got: string[] = [];
    const from = BigInt((await direct.get('\0').exec()).header.revision) + 1n;
    const following = (async () => {
      for await (const { items } of watches.watch(rangeOf(prefix), from, stop.signal)) {
        got.push(...items.map(({ kv }) => String(kv.value)));
      }
    })();
    const values = Array.from({ length: 50 }, (_, n) => `${n}`);
    await Promise.all(values.map((value) => client.put(`${prefix}js/${value}`).value(value)));
    await until(() => got.length === 50, 'fifty events');
    expect(got.toSorted()).toEqual(values.toSorted());
    expect(await client.getAll().prefix(`${prefix}js/`).count()).toBe(50);
    stop.abort();
    await following;
    watches.close();
    client.close();
  });

  describe.skipIf(noEtcdctl !== undefined)(`etcdctl${noEtcdctl === undefined ? '' : `: ${noEtcdctl}`}`, () => {
    const args = (): string[] => [
      `--endpoints=${isSecure ? url().origin : url().host}`,
      ...(isSecure ? [`--cacert=${authority.caFile}`] : []),
    ];
    const env = { ...process.env, ETCDCTL_API: '3' };
    const run = (input: string, ...words: readonly string[]): SpawnSyncReturns<string> =>
      spawnSync('etcdctl', [...args(), ...words], { input, env, encoding: 'utf8', timeout: 30_000 });

    test('puts, gets, deletes, leases and decides', () => {
      const key = `${prefix}ctl`;
      expect(run('', 'put', key, 'one').stdout).toBe('OK\n');
      expect(run('', 'get', key, '--print-value-only').stdout).toBe('one\n');
      const lease = /lease (\w+) granted/.exec(run('', 'lease', 'grant', '60').stdout)?.[1] ?? '';
      expect(run('', 'put', `${key}/leased`, 'x', `--lease=${lease}`).stdout).toBe('OK\n');
      expect(run('', 'lease', 'keep-alive', '--once', lease).stdout).toContain('keepalived');
      expect(run('', 'lease', 'revoke', lease).stdout).toContain('revoked');
      expect(run('', 'get', `${key}/leased`).stdout).toBe('');
      const decided = run(`value("${key}") = "one"\n\nput ${key} two\n\nput ${key} three\n\n`, 'txn');
      expect(decided.stdout).toContain('SUCCESS');
      expect(run('', 'del', key).stdout).toBe('1\n');
      expect(run('', 'endpoint', 'health').stderr).toContain('is healthy');
    });

    test('watches: history and what comes', async () => {
      const key = `${prefix}watched`;
      const { header } = await direct.put(key).value('before').exec();
      const child = spawn('etcdctl', [...args(), 'watch', key, `--rev=${header.revision}`, '--prev-kv'], { env });
      let out = '';
      child.stdout.on('data', (chunk) => (out += String(chunk)));
      await until(() => out.includes('before'), 'history');
      await direct.put(key).value('after');
      await direct.delete().key(key);
      await until(() => out.includes('DELETE'), `what comes: ${out}`);
      expect(out.split('\n').filter((line) => line !== '' && line !== key)).toEqual([
        'PUT',
        'before',
        'PUT',
        'before',
        'after',
        'DELETE',
        'after',
      ]);
      child.kill();
      await once(child, 'exit');
    });
  });

  test.skipIf(noCurl !== undefined)(`curl${noCurl === undefined ? '' : `: ${noCurl}`}`, () => {
    const how = isSecure ? ['--http2', '--cacert', authority.caFile] : ['--http2-prior-knowledge'];
    const grpc = ['-H', 'content-type: application/grpc', '-H', 'te: trailers', '--data-binary', '@-'];
    const range = framed(rpc.range.requestSerialize({ key: Buffer.from('nothing') }));
    const write = ['-w', '%{http_version} %{http_code}'];
    const { stdout } = spawnSync('curl', ['-sS', ...how, ...grpc, ...write, `${url().origin}${rpc.range.path}`], {
      input: range,
      timeout: 30_000,
    });
    const [length, end] = [stdout.readUInt32BE(1) + 5, '2 200'];
    expect(stdout.subarray(length).toString()).toBe(end);
    expect(rpc.range.responseDeserialize(stdout.subarray(5, length)).header).toHaveProperty('cluster_id');
  });

  test("Node's client gets ten megabytes whole, while it takes slowly and beside many other calls", async () => {
    const value = Buffer.alloc(1_048_576, kind);
    for (let n = 0; n < 10; n++) await direct.put(`/large/${kind}/${n}`).value(value);
    const { key, end } = rangeOf(`/large/${kind}/`);
    const message = rpc.range.requestSerialize({ key, ...(end === undefined ? {} : { range_end: end }) });
    const headers = { ':method': 'POST', ':path': rpc.range.path, 'content-type': 'application/grpc', te: 'trailers' };
    const client = nodeClient();
    const call = async (slow: boolean): Promise<{ bytes: number; hash: string; status: unknown }> => {
      const stream = client.request(headers);
      let status: unknown;
      stream.on('trailers', (trailers) => (status = trailers['grpc-status']));
      stream.end(framed(message));
      const hash = createHash('sha256');
      let bytes = 0;
      for await (const chunk of stream as AsyncIterable<Buffer>) {
        hash.update(chunk);
        bytes += chunk.length;
        if (slow) await new Promise((resolve) => setImmediate(resolve));
      }
      return { bytes, hash: hash.digest('hex'), status };
    };
    const all = await Promise.all([call(true), ...Array.from({ length: 5 }, () => call(false))]);
    expect(all[0]?.bytes).toBeGreaterThan(10 * 1_048_576);
    expect(new Set(all.map(({ hash }) => hash)).size).toBe(1);
    expect(all.map(({ status }) => status)).toEqual(Array.from({ length: 6 }, () => '0'));
    client.close();
    await direct.delete().prefix(`/large/${kind}/`);
  });
});

test('a read that nobody takes does not come into the memory of the proxy', async () => {
  const value = Buffer.alloc(1_048_576, 'x');
  for (let n = 0; n < 40; n++) await direct.put(`/huge/${n}`).value(value);
  const { key, end } = rangeOf('/huge/');
  const message = rpc.range.requestSerialize({ key, ...(end === undefined ? {} : { range_end: end }) });
  const client = connect(plain.url);
  const before = await plain.metric('process_resident_memory_bytes');
  const streams = Array.from({ length: 4 }, () => {
    const stream = client.request({ ':method': 'POST', ':path': rpc.range.path, 'content-type': 'application/grpc' });
    stream.end(framed(message));
    return stream;
  });
  await Promise.all(streams.map((stream) => once(stream, 'response')));
  // Other calls on the same connections go on: what is not taken holds up itself only.
  const other = new Etcd3({ hosts: plain.url.origin });
  for (let n = 0; n < 50; n++) await other.get('/nothing');
  other.close();
  expect((await plain.metric('process_resident_memory_bytes')) - before).toBeLessThan(100 * 1_048_576);
  for (const stream of streams) stream.on('error', () => undefined).close(8);
  client.close();
  await direct.delete().prefix('/huge/');
});

test('a client with HTTP/1.1 in TLS is served as such', async () => {
  const { stdout } = spawnSync(
    'curl',
    ['-sS', '--http1.1', '--cacert', authority.caFile, `${secureUrl.origin}/version`],
    {
      encoding: 'utf8',
    },
  );
  expect(stdout).toContain('etcdserver');
});
