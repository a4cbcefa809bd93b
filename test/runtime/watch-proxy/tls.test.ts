/** TLS on both sides of the proxy, with and without certificates of clients, in both protocols. */
import { request } from 'node:https';
import { Client, Metadata, credentials } from '@grpc/grpc-js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type RawWatchResponse, rpc } from '../../../gateway/etcd/rpc.ts';
import { type TestAuthority, type TestCertificate, createAuthority } from '../../support/certificate.ts';
import { type TestEtcd, startEtcd } from '../../support/etcd.ts';
import { prefixRange } from '../../support/json-watch.ts';
import { until } from '../../support/http.ts';
import { type TestWatchProxy, startWatchProxy } from '../../support/watch-proxy.ts';

let authority: TestAuthority;
let foreign: TestAuthority;
let own: TestCertificate;
let stranger: TestCertificate;
let etcd: TestEtcd;
/** One that asks clients for nothing, and one that wants a certificate; both reach etcd by TLS, with their own. */
let open: TestWatchProxy;
let closed: TestWatchProxy;

beforeAll(async () => {
  authority = createAuthority();
  foreign = createAuthority();
  own = authority.issue('client');
  stranger = foreign.issue('client');
  const server = authority.issue('localhost', '127.0.0.1');
  etcd = await startEtcd({ tls: { ...server, clientCa: authority.caFile } });
  const env = {
    WATCH_PROXY_CERT: server.certFile,
    WATCH_PROXY_KEY: server.keyFile,
    WATCH_PROXY_ETCD_CA: authority.caFile,
    WATCH_PROXY_ETCD_CERT: own.certFile,
    WATCH_PROXY_ETCD_KEY: own.keyFile,
  };
  open = await startWatchProxy(etcd.url, env);
  closed = await startWatchProxy(etcd.url, { ...env, WATCH_PROXY_CLIENT_CA: authority.caFile });
});

afterAll(async () => {
  for (const proxy of [open, closed]) await proxy[Symbol.asyncDispose]();
  await etcd[Symbol.asyncDispose]();
  for (const each of [authority, foreign]) each[Symbol.dispose]();
});

interface Seen extends Disposable {
  readonly keys: readonly string[];
  readonly error: string | undefined;
}

type Watch = (url: URL, ca: string, certificate?: TestCertificate) => Seen;

const overGrpc: Watch = (url, ca, certificate) => {
  const pem = (text: string | undefined): Buffer | null => (text === undefined ? null : Buffer.from(text));
  const ssl = credentials.createSsl(Buffer.from(ca), pem(certificate?.key), pem(certificate?.cert));
  const client = new Client(url.host, ssl, { 'grpc.use_local_subchannel_pool': 1 });
  const { path, requestSerialize, responseDeserialize } = rpc.watch;
  const stream = client.makeBidiStreamRequest(path, requestSerialize, responseDeserialize, new Metadata());
  const seen = { keys: [] as string[], error: undefined as string | undefined };
  stream.on('error', (error) => (seen.error = error.message));
  stream.on('data', ({ events = [] }: RawWatchResponse) => {
    for (const { kv } of events) seen.keys.push(kv.key.toString());
  });
  stream.write({
    create_request: { key: Buffer.from('/apisix/'), range_end: Buffer.from('/apisix0'), start_revision: '1' },
  });
  return Object.assign(seen, {
    [Symbol.dispose]() {
      stream.cancel();
      client.close();
    },
  });
};

const overJson: Watch = (url, ca, certificate) => {
  const seen = { keys: [] as string[], error: undefined as string | undefined };
  const shown = certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key };
  const outgoing = request(new URL('/v3/watch', url), { method: 'POST', agent: false, ca, ...shown });
  outgoing.on('error', (error) => (seen.error = error.message));
  outgoing.on('response', (response) => {
    let text = '';
    response.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      seen.keys = [...text.matchAll(/"key":"([^"]+)"/g)].map(([, key = '']) => Buffer.from(key, 'base64').toString());
    });
  });
  outgoing.end(JSON.stringify({ create_request: { ...prefixRange('/apisix/'), start_revision: '1' } }));
  return Object.assign(seen, { [Symbol.dispose]: () => void outgoing.destroy() });
};

/** Through the proxy to an etcd that lets in only who shows a certificate: the proxy's. */
function put(url: URL, key: string, certificate?: TestCertificate): Promise<number> {
  const shown = certificate === undefined ? {} : { cert: certificate.cert, key: certificate.key };
  return new Promise((resolve, reject) => {
    const outgoing = request(new URL('/v3/kv/put', url), { method: 'POST', agent: false, ca: authority.ca, ...shown });
    outgoing.on('error', reject).on('response', (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    outgoing.end(JSON.stringify({ key: Buffer.from(key).toString('base64'), value: '' }));
  });
}

const protocols: readonly (readonly [string, Watch])[] = [
  ['gRPC', overGrpc],
  ['JSON', overJson],
];

test.each(protocols)('a watch over %s by TLS, to an etcd that is reached by TLS', async (name, watch) => {
  using seen = watch(open.url, authority.ca);
  expect(await put(open.url, `/apisix/${name}`)).toBe(200);
  await until(() => seen.keys.includes(`/apisix/${name}`), `the event: ${seen.error}`);
});

test.each(protocols)(
  'where a certificate is wanted, who shows one of that authority watches over %s',
  async (name, watch) => {
    using seen = watch(closed.url, authority.ca, own);
    expect(await put(closed.url, `/apisix/shown/${name}`, own)).toBe(200);
    await until(() => seen.keys.includes(`/apisix/shown/${name}`), `the event: ${seen.error}`);
  },
);

test.each(
  protocols.flatMap(([name, watch]) => [
    [`none over ${name}`, watch, (): TestCertificate | undefined => undefined] as const,
    [`one of another authority over ${name}`, watch, (): TestCertificate | undefined => stranger] as const,
  ]),
)('where a certificate is wanted, who shows %s gets nothing', async (_what, watch, shown) => {
  using seen = watch(closed.url, authority.ca, shown());
  await until(() => seen.error !== undefined, 'refused');
  expect(seen.keys).toEqual([]);
});

test.each(protocols)(
  'a client that does not know the authority of the proxy does not watch over %s',
  async (_name, watch) => {
    using seen = watch(open.url, foreign.ca);
    await until(() => seen.error !== undefined, 'refused');
    expect(seen.keys).toEqual([]);
  },
);

test('without TLS nothing is answered where TLS is spoken', async () => {
  await expect(fetch(`http://${open.url.host}/version`)).rejects.toThrow('fetch failed');
});
