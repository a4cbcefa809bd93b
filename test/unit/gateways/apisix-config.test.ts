/** What APISIX is told, field by field, as 2.15 and 3.14 were measured to read it. */
import { expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { apisixConfig } from '../../../harness/gateways/apisix/config.ts';
import { apisixProduct, imageRun, readyPage } from '../../../harness/gateways/apisix/driver.ts';
import { checkBuild, driverOf } from '../../../harness/gateways/index.ts';
import { parseBuild } from '../../../harness/model/build.ts';

const ports = { traffic: 9080, admin: 9180, control: 9090, metrics: 9091, status: 7085 };
const settings = {
  etcd: new URL('http://127.0.0.1:2379'),
  etcdUser: undefined,
  etcdCa: undefined,
  prefix: '/apisix',
  workers: 2,
  watchTimeoutMs: 10_000,
  dns: undefined,
  room: undefined,
  folder: '/trial',
  scratch: '/run',
};
const secured = {
  ...settings,
  etcd: new URL('https://127.0.0.1:2379'),
  etcdUser: { name: 'gateway', password: 'secret' },
  etcdCa: '/run/ca.crt',
};
const rendered = (version: string, over: object = {}, grpc = false): unknown =>
  parse(stringify(apisixConfig({ version, settings: { ...settings, ...over }, ports, grpc })));
const admin_key = [{ name: 'admin', key: expect.any(String) as string, role: 'admin' }];
const rest = {
  nginx_config: {
    worker_processes: 2,
    error_log: '/dev/stderr',
    error_log_level: 'warn',
    http: { enable_access_log: false },
    http_server_configuration_snippet: 'add_header x-gateway-worker $pid always;\n',
  },
  plugin_attr: { prometheus: { export_addr: { ip: '127.0.0.1', port: 9091 } } },
};

test('2.15: Admin API and etcd at the top, and the idle timeout of a watch is that of etcd', () => {
  expect(rendered('2.15.3')).toEqual({
    apisix: {
      node_listen: [{ ip: '127.0.0.1', port: 9080 }],
      enable_ipv6: false,
      enable_admin: true,
      enable_control: true,
      control: { ip: '127.0.0.1', port: 9090 },
      ssl: { enable: false },
      config_center: 'etcd',
      allow_admin: ['127.0.0.0/24'],
      admin_listen: { ip: '127.0.0.1', port: 9180 },
      admin_key,
    },
    etcd: { host: ['http://127.0.0.1:2379'], prefix: '/apisix', timeout: 10 },
    ...rest,
  });
});

test('3.14: both in deployment, a timeout of watches alone, and a page that says whether it is ready', () => {
  expect(rendered('3.14.1')).toEqual({
    apisix: {
      node_listen: [{ ip: '127.0.0.1', port: 9080 }],
      enable_ipv6: false,
      enable_admin: true,
      enable_control: true,
      control: { ip: '127.0.0.1', port: 9090 },
      ssl: { enable: false },
      status: { ip: '127.0.0.1', port: 7085 },
    },
    deployment: {
      role: 'traditional',
      role_traditional: { config_provider: 'etcd' },
      admin: { allow_admin: ['127.0.0.0/24'], admin_listen: { ip: '127.0.0.1', port: 9180 }, admin_key },
      etcd: { host: ['http://127.0.0.1:2379'], prefix: '/apisix', timeout: 30, watch_timeout: 10 },
    },
    ...rest,
  });
});

test('an etcd that wants a login and has a certificate', () => {
  const etcd = {
    host: ['https://127.0.0.1:2379'],
    prefix: '/apisix',
    user: 'gateway',
    password: 'secret',
    tls: { verify: true },
  };
  const ssl = { enable: false, ssl_trusted_certificate: '/run/ca.crt' };
  expect(rendered('2.15.3', secured)).toMatchObject({ apisix: { ssl }, etcd });
  expect(rendered('3.14.1', secured)).toMatchObject({ apisix: { ssl }, deployment: { etcd } });
});

test('gRPC is asked for only where it is wanted', () => {
  expect(rendered('3.2.2', {}, true)).toMatchObject({ deployment: { etcd: { use_grpc: true } } });
  expect(JSON.stringify(rendered('3.2.2'))).not.toMatch(/use_grpc|"status"/);
});

test('who says that it is ready, and how the image is started', () => {
  expect(readyPage('3.14.1', ports)).toBe('http://127.0.0.1:7085/status/ready');
  expect([readyPage('3.2.2', ports), readyPage('2.15.3', ports)]).toEqual([
    'http://127.0.0.1:9090/v1/healthcheck',
    'http://127.0.0.1:9090/v1/healthcheck',
  ]);
  expect(imageRun('3.14.1', '/trial/config.yaml', ['/trial'])).toEqual({
    name: 'apache/apisix:3.14.1-debian',
    args: [
      'sh',
      '-c',
      "cp '/trial/config.yaml' /usr/local/apisix/conf/config.yaml && exec /docker-entrypoint.sh docker-start",
    ],
    mounts: ['/trial'],
  });
});

test.each([
  ['apisix@3.14.1', 'process', /add --runtime docker, or describe a build of your own/],
  ['apisix@latest', 'docker', /write a version such as/],
  ['apisix@3.14.1+etcd-grpc', 'docker', /from 3\.1 to 3\.5 only/],
  ['apisix@3.0.0+etcd-grpc', 'docker', /from 3\.1 to 3\.5 only/],
  ['apisix@3.2.2+etcd-gprc', 'docker', /did you mean "etcd-grpc"/],
] as const)('%s is a mistake with --runtime %s', (name, runtime, words) => {
  expect(checkBuild(name, runtime)).toEqual([expect.stringMatching(words)]);
});

test('a prefix of more levels is for 3.x only', () => {
  const abilities = (name: string) => {
    const build = parseBuild(name);
    return build === undefined ? [] : [...driverOf(build).abilities];
  };
  expect(checkBuild('apisix@3.2.2+etcd-grpc', 'docker')).toMatchObject({ version: '3.2.2' });
  expect(abilities('apisix@2.15.3')).not.toContain('deep-prefix');
  expect(abilities('apisix@3.14.1')).toContain('deep-prefix');
  expect(Object.keys(apisixProduct.builds)).toContain('apisix@<version>');
});
