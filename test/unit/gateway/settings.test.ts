import { expect, test } from 'vitest';
import { readSettings } from '../../../gateway/settings.ts';

test('without any setting the defaults hold', () => {
  expect(readSettings({})).toMatchObject({
    listen: { host: '127.0.0.1', port: 9080 },
    status: { host: '127.0.0.1', port: 9180 },
    prefix: '/apisix',
    workers: 2,
    watchTimeoutMs: 50_000,
    drainMs: 240_000,
    bodyTimeoutMs: 60_000,
    keyring: ['qeddd145sfvddff3', 'edd1c9f0985e76a2'],
    admin: undefined,
    trustedAddresses: [],
    mutants: [],
    logLevel: 'info',
  });
});

test.each<[string, string, RegExp]>([
  ['GATEWAY_LISTEN', 'nine', /host:port/],
  ['GATEWAY_LISTEN', '127.0.0.1:70000', /host:port/],
  ['GATEWAY_WORKERS', '0', /whole number/],
  ['GATEWAY_WORKERS', '1e9', /whole number/],
  ['GATEWAY_WATCH_TIMEOUT_MS', '1', /whole number/],
  ['GATEWAY_WATCH_TIMEOUT_MS', '3000000000', /whole number/],
  ['GATEWAY_DRAIN_MS', 'never', /whole number/],
  ['GATEWAY_BODY_TIMEOUT_MS', '0', /whole number/],
  ['GATEWAY_PREFIX', '/apisix/', /GATEWAY_PREFIX/],
  ['GATEWAY_PREFIX', '', /GATEWAY_PREFIX/],
  ['GATEWAY_ETCD', 'ftp://127.0.0.1:2379', /http:/],
  ['GATEWAY_ETCD', 'elsewhere', /http:/],
  ['GATEWAY_DNS', 'dns.example.com:53', /GATEWAY_DNS/],
  ['GATEWAY_DNS', '127.0.0.1', /GATEWAY_DNS/],
  ['GATEWAY_DNS', '127.0.0.1:99999', /GATEWAY_DNS/],
  ['GATEWAY_TRUSTED_ADDRESSES', '10.0.0.0/33', /GATEWAY_TRUSTED_ADDRESSES: "10\.0\.0\.0\/33" is no/],
  ['GATEWAY_TRUSTED_ADDRESSES', '::1, balancer', /GATEWAY_TRUSTED_ADDRESSES: "balancer" is no/],
  ['GATEWAY_LOG', 'loud', /GATEWAY_LOG/],
  ['GATEWAY_KEYRING', 'too-short', /^GATEWAY_KEYRING(?!.*too-short)/],
])('%s=%s is a mistake that says what would be right', (name, value, mistake) => {
  expect(readSettings({ [name]: value })).toEqual([expect.stringMatching(mistake)]);
});

test('the Admin API is served where it is told, and never at an address of every network by mistake', () => {
  const key = { GATEWAY_ADMIN_KEY: 'sixteen-letters-' };
  expect(readSettings({ ...key, GATEWAY_ADMIN: ':9181' })).toEqual([expect.stringMatching(/host:port/)]);
  expect(readSettings({ ...key, GATEWAY_ADMIN: '127.0.0.1:9181' })).toMatchObject({
    admin: { address: { host: '127.0.0.1', port: 9181 } },
  });
});

test('a password in the address of etcd is refused and not repeated', () => {
  const mistakes = readSettings({ GATEWAY_ETCD: 'http://root:hunter2@127.0.0.1:2379' });
  expect(mistakes).toEqual([expect.stringContaining('GATEWAY_ETCD')]);
  expect(JSON.stringify(mistakes)).not.toContain('hunter2');
});

test('all mistakes are told at once', () => {
  expect(readSettings({ GATEWAY_WORKERS: 'x', GATEWAY_PREFIX: 'x', GATEWAY_DNS: 'x' })).toHaveLength(3);
});

test.each([
  ['', undefined],
  ['127.0.0.1:53', '127.0.0.1:53'],
  ['[::1]:53', '[::1]:53'],
])('GATEWAY_DNS=%s is a server to ask, or none', (given, dns) => {
  expect(readSettings({ GATEWAY_DNS: given })).toMatchObject({ dns });
});

test('addresses and networks that are trusted are separated by commas', () => {
  const given = { GATEWAY_TRUSTED_ADDRESSES: '10.0.0.0/8, ::1' };
  expect(readSettings(given)).toMatchObject({ trustedAddresses: ['10.0.0.0/8', '::1'] });
});

test('without a room no node is preferred', () => {
  expect(readSettings({})).toMatchObject({ room: undefined });
  expect(readSettings({ GATEWAY_ROOM: 'east' })).toMatchObject({ room: 'east' });
});

test('an IPv6 address is listened on without its brackets', () => {
  expect(readSettings({ GATEWAY_LISTEN: '[::1]:80' })).toMatchObject({ listen: { host: '::1', port: 80 } });
});
