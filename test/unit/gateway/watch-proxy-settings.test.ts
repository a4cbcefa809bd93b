import { getDefaultHighWaterMark } from 'node:stream';
import { expect, test } from 'vitest';
import { readSettings } from '../../../gateway/watch-proxy/settings.ts';

test('without any setting the defaults hold', () => {
  expect(readSettings({})).toMatchObject({
    listen: { host: '127.0.0.1', port: 2378 },
    status: { host: '127.0.0.1', port: 9182 },
    prefixes: [],
    ring: { events: 10_000, bytes: 67_108_864 },
    tls: undefined,
  });
});

test.each<[string, string, RegExp]>([
  ['WATCH_PROXY_LISTEN', 'nine', /host:port/],
  ['WATCH_PROXY_ETCD', 'ftp://127.0.0.1:2379', /http:/],
  ['WATCH_PROXY_RING_EVENTS', '0', /whole number/],
  // A stream that holds less than this never says that its client takes again: its watches would stand still.
  ['WATCH_PROXY_BUFFER_BYTES', `${getDefaultHighWaterMark(false) - 1}`, /whole number/],
  ['WATCH_PROXY_CLIENT_CA', '/etc/hostname', /WATCH_PROXY_CERT/],
])('%s=%s is a mistake that says what would be right', (name, value, mistake) => {
  expect(readSettings({ [name]: value })).toEqual([expect.stringMatching(mistake)]);
});
