/** What a configuration says of gateways of one's own: every mistake at once, with its place and the nearest word. */
import { expect, test } from 'vitest';
import { checkGateways } from '../../../harness/gateways/command/check.ts';
import { environment, filled, portNames } from '../../../harness/gateways/command/placeholders.ts';
import type { RouteToLayOut } from '../../../harness/model/config.ts';

const sound = { command: ['node', 'server.js'], layout: 'apisix', ready: 'http://127.0.0.1:{port:status}/ready' };
const routes = (key: unknown, value: unknown) => () => ({ key, value });
const upstream = new URL('http://127.0.0.1:9001');
const route = { id: 'probe-1', path: '/probe/1', seq: 17, upstream };

test('every mistake is told with its place, and the nearest known word', () => {
  const { mistakes } = checkGateways(
    {
      'My Gateway': sound,
      typos: { ...sound, comand: [], layout: 'apisx', reloadSignal: 'SIGHUB', ready: 'http://{listn}/' },
      lacks: { env: { A: 1 }, files: { '../a': 'x', '/b': 'y' }, workerHeader: 'a b', workerProcesses: 'yes' },
      pages: { ...sound, ready: 'status', metrics: '', command: ['node', '{status:port}', '{etcd:http}'] },
      empty: null,
      words: { ...sound, command: 'node server.js', cwd: 3 },
    },
    '/folder',
  );
  expect(mistakes).toEqual([
    'gateways["My Gateway"]: a name has lower-case letters, digits, ".", "_" and "-"',
    'gateways["typos"]: unknown field "comand"; did you mean "command"?',
    'gateways["typos"].layout unknown layout "apisx"; did you mean "apisix"?',
    'gateways["typos"].ready {listn}: unknown placeholder "listn"; did you mean "listen"?',
    'gateways["typos"].reloadSignal unknown signal "SIGHUB"; did you mean "SIGHUP"?',
    'gateways["lacks"]: "command" is missing',
    'gateways["lacks"]: "layout" is missing',
    'gateways["lacks"]: "ready" is missing',
    'gateways["lacks"].env must be texts by name',
    'gateways["lacks"].files has ../a, which is not below {folder}',
    'gateways["lacks"].files has /b, which is not below {folder}',
    'gateways["lacks"].workerHeader must be the name of a response header',
    'gateways["lacks"].workerProcesses must be true or false',
    expect.stringMatching(/^gateways\["pages"\]\.command \{status:port\}: unknown placeholder "status"/),
    'gateways["pages"].command {etcd:http}: only ports have names, such as {port:status}',
    expect.stringMatching(/^gateways\["pages"\]\.ready "status" is no address, such as http:/),
    'gateways["pages"].metrics must be the address of a page',
    'gateways["empty"] must be { command, layout, ready, … }',
    'gateways["words"].command must be a list of a program and its arguments, all texts',
    'gateways["words"].cwd must be a path',
  ]);
  expect(checkGateways(['a'], '/').mistakes).toEqual(['gateways must be an object of gateways by name']);
  expect(checkGateways({ sound }, '/folder').mistakes).toEqual([]);
});

test.each([
  [() => undefined, 'gave no key for a route; it has to return { key, value } or a list of them'],
  [() => [], 'gave no key for a route; it has to return { key, value } or a list of them'],
  [routes(1, 'x'), 'gave {"key":1,"value":"x"}; it has to return { key, value }, both texts'],
  [routes('/elsewhere/sample-1', 'x'), 'gave the key /elsewhere/sample-1, which does not begin with /sample-prefix/'],
  [
    routes('/sample-prefix/a', 'x'),
    'gave the key /sample-prefix/a for the route sample-1; each key has to hold the id',
  ],
  [
    ({ prefix, id }: RouteToLayOut) => ({ key: `${prefix}/${id}`, value: 'always' }),
    'gave the same for two answers of a route; a value has to hold the answer',
  ],
  [() => JSON.parse('{') as unknown, /JSON/],
])('a layout that cannot be used is told of: %#', (layout, words) => {
  const { mistakes, gateways } = checkGateways({ own: { ...sound, layout } }, '/');
  expect(mistakes).toEqual([expect.stringMatching(/^gateways\["own"\]\.layout /)]);
  expect(mistakes[0]?.replace('gateways["own"].layout ', '')).toEqual(
    typeof words === 'string' ? words : expect.stringMatching(words),
  );
  expect([gateways.has('own'), gateways.get('own')]).toEqual([true, undefined]);
});

test('a layout of several keys is used as it is', () => {
  const layout = ({ prefix, id, path, answer, upstream }: RouteToLayOut) => [
    { key: `${prefix}/paths/${id}`, value: path },
    { key: `${prefix}/targets/${id}`, value: `${upstream}${answer}` },
  ];
  const own = checkGateways({ own: { ...sound, layout, cwd: 'below' } }, '/folder').gateways.get('own');
  expect(own?.cwd).toBe('/folder/below');
  expect(own?.layout.route('/gw', route)).toEqual([
    { key: '/gw/paths/probe-1', value: '/probe/1' },
    { key: '/gw/targets/probe-1', value: '127.0.0.1:9001/seq/17' },
  ]);
});

test('placeholders are filled, and braces of others stay', () => {
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
  const told = { settings, port: 9080, ports: new Map([['status', 9180]]), folder: '/trial/gateway-1' };
  const text = '{listen} {host}:{port} {port:status} {etcd} {etcdHost} {prefix} {workers} {watchTimeoutMs} {folder}';
  expect([...portNames([text, '{port:admin}'])]).toEqual(['status', 'admin']);
  expect(filled(text, told)).toBe(
    '127.0.0.1:9080 127.0.0.1:9080 9180 http://127.0.0.1:2379 127.0.0.1:2379 /apisix 2 10000 /trial/gateway-1',
  );
  expect(filled('{etcdUser}|{watchTimeoutSeconds}|{"a": {}} {toString} {nobody}', told)).toBe(
    '|10|{"a": {}} {toString} {nobody}',
  );
  expect(environment(told)).toEqual({
    GATEWAY_LISTEN: '127.0.0.1:9080',
    GATEWAY_PORT: '9080',
    GATEWAY_ETCD: 'http://127.0.0.1:2379',
    GATEWAY_PREFIX: '/apisix',
    GATEWAY_WORKERS: '2',
    GATEWAY_WATCH_TIMEOUT_MS: '10000',
    GATEWAY_FOLDER: '/trial/gateway-1',
  });
});
