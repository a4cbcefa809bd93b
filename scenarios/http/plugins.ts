import type { ConformanceRequest, StoredValue } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { echoed, host, lightTrial, route } from './request.ts';

function withPlugins(uri: string, plugins: Readonly<Record<string, object>>): StoredValue {
  return route(uri, { plugins });
}

function ask(name: string, path: string, ...headers: readonly string[]): ConformanceRequest {
  return echoed(name, `GET ${path}`, ...headers);
}

/** On every worker: a limit and a key are the same on all of them. */
function turns(name: string, path: string, ...headers: readonly string[]): readonly ConformanceRequest[] {
  return [1, 2, 3, 4].map((turn) => ask(`${name}, ${turn}`, path, ...headers));
}

/**
 * Plugins and what several routes share: services, plugin configs, consumers, global rules. All of these are changed, once by events,
 * and once while the watch is away and etcd is compacted, so that a full read tells of it.
 */
export const plugins: Scenario = {
  ...lightTrial,
  name: 'plugins',
  claim: 'Plugins do as before, and a change of what routes share reaches each of them, by events and by a full read.',
  anchors: ['apache/apisix#8682', 'apache/apisix#13717', 'apache/apisix#13714', 'apache/apisix#11359'],
  phases: { warmup: '500ms', baseline: '500ms', fault: '4s', settle: '2s' },
  timeline: [
    { at: '1s', hold: '2500ms', fault: { kind: 'watch.refuse' } },
    { at: '1200ms', hold: '500ms', fault: { kind: 'watch.cut' } },
    { at: '1400ms', hold: '2s', fault: { kind: 'etcd.compact', every: '500ms' } },
  ],
  tail: 'cold',
  convergeWithin: '12s',
  conformance: {
    objects: {
      'routes/p-key': withPlugins('/key', { 'key-auth': {} }),
      'routes/p-hidden': withPlugins('/hidden', { 'key-auth': { header: 'X-Own', hide_credentials: true } }),
      'consumers/reader': { username: 'reader', plugins: { 'key-auth': { key: 'key-of-the-reader' } } },
      'consumers/writer': { username: 'writer', plugins: { 'key-auth': { key: 'key-of-the-writer' } } },
      'consumers/late': { username: 'late', plugins: { 'key-auth': { key: 'key-of-before' } } },
      'routes/p-limit': withPlugins('/limit', {
        'limit-count': { count: 2, time_window: 86_400, rejected_code: 429, show_limit_quota_header: false },
      }),
      'routes/p-cors': withPlugins('/cors', {
        cors: { allow_origins: 'http://a.test,http://b.test', allow_methods: 'GET,PUT', max_age: 60 },
      }),
      'routes/p-address': withPlugins('/address', { 'ip-restriction': { blacklist: ['127.0.0.0/8'] } }),
      'routes/p-other-address': withPlugins('/other-address', { 'ip-restriction': { blacklist: ['10.0.0.0/8'] } }),
      'routes/p-agent': withPlugins('/agent', { 'ua-restriction': { denylist: ['bot'] } }),
      'routes/p-uri': withPlugins('/uri*', { 'uri-blocker': { block_rules: ['select.+from', '\\.\\.'] } }),
      'routes/p-redirect': withPlugins('/redirect', { redirect: { uri: '/moved?from=$uri', ret_code: 301 } }),
      'routes/p-regex': withPlugins('/regex/*', { redirect: { regex_uri: ['^/regex/(.*)', '/to/$1'], ret_code: 302 } }),
      'routes/p-response': withPlugins('/response', {
        'response-rewrite': {
          status_code: 203,
          headers: { set: { 'X-Set': 'set' }, add: ['X-Add: one', 'X-Add: two'], remove: ['Date'] },
        },
      }),
      'routes/p-body': withPlugins('/body', { 'response-rewrite': { body: 'another body' } }),
      'routes/p-id': withPlugins('/id', { 'request-id': {} }),
      'routes/p-fault': withPlugins('/fault', { 'fault-injection': { abort: { http_status: 418, body: 'short' } } }),
      'routes/p-some': withPlugins('/some', {
        'fault-injection': { abort: { http_status: 418, vars: [[['http_x_odd', '==', 'yes']]] } },
      }),
      'routes/p-mock': withPlugins('/mock', {
        mocking: { response_status: 201, content_type: 'text/plain', response_example: 'made up' },
      }),
      'routes/p-rewrite': withPlugins('/rewrite', {
        'proxy-rewrite': {
          uri: '/rewritten',
          method: 'PUT',
          host: 'rewritten.test',
          headers: { set: { 'X-Set': '$uri' }, remove: ['X-Gone'] },
        },
      }),
      // Of several the order in which they act is a promise, too.
      'routes/p-both': withPlugins('/both', { 'key-auth': {}, 'fault-injection': { abort: { http_status: 418 } } }),
      'routes/p-shared': { host, uri: '/shared', service_id: 'p', plugin_config_id: 'p' },
      'routes/p-shared-own': {
        host,
        uri: '/shared-own',
        service_id: 'p',
        plugins: { 'response-rewrite': { headers: { set: { 'X-From': 'route' } } } },
      },
      'services/p': {
        upstream: { nodes: { '{upstream}': 1 } },
        plugins: { 'response-rewrite': { headers: { set: { 'X-From': 'service' } } } },
      },
      'plugin_configs/p': { id: 'p', plugins: { 'proxy-rewrite': { uri: '/by-config' } } },
      'routes/p-later': { host, uri: '/later', service_id: 'q', plugin_config_id: 'q' },
      'services/q': { upstream: { nodes: { '{dead}': 1 } } },
      'plugin_configs/q': { id: 'q', plugins: { 'proxy-rewrite': { uri: '/before' } } },
      'global_rules/p': { id: 'p', plugins: { 'response-rewrite': { headers: { set: { 'X-Rule': 'first' } } } } },
    },
    edits: [
      {
        at: '300ms',
        objects: {
          'consumers/writer': null,
          'services/p': {
            upstream: { nodes: { '{upstream}': 1 } },
            plugins: { 'response-rewrite': { headers: { set: { 'X-From': 'service, changed' } } } },
          },
          'plugin_configs/p': { id: 'p', plugins: { 'proxy-rewrite': { uri: '/by-changed-config' } } },
        },
      },
      {
        at: '2s',
        objects: {
          'consumers/late': { username: 'late', plugins: { 'key-auth': { key: 'key-of-after' } } },
          'services/q': { upstream: { nodes: { '{upstream}': 1 } } },
          'plugin_configs/q': { id: 'q', plugins: { 'proxy-rewrite': { uri: '/after' } } },
          'global_rules/p': { id: 'p', plugins: { 'response-rewrite': { headers: { set: { 'X-Rule': 'second' } } } } },
        },
      },
    ],
    requests: [
      ask('no key', '/key'),
      ask('a wrong key', '/key', 'apikey: nothing'),
      ...turns('the key of the reader', '/key', 'apikey: key-of-the-reader'),
      ...turns('the key of the writer', '/key', 'apikey: key-of-the-writer'),
      ...turns('a key of before', '/key', 'apikey: key-of-before'),
      ...turns('a key of after', '/key', 'apikey: key-of-after'),
      ask('a key that is hidden', '/hidden', 'X-Own: key-of-the-reader'),
      ask('a key in the query', '/key?apikey=key-of-the-reader'),
      ...turns('a limit', '/limit'),
      ask('an allowed origin', '/cors', 'Origin: http://a.test'),
      ask('another origin', '/cors', 'Origin: http://c.test'),
      echoed('a preflight', 'OPTIONS /cors', 'Origin: http://b.test', 'Access-Control-Request-Method: PUT'),
      ask('a refused address', '/address'),
      ask('another address', '/other-address'),
      ask('an address that others tell', '/other-address', 'X-Forwarded-For: 10.0.0.1'),
      ask('a refused agent', '/agent', 'User-Agent: a bot'),
      ask('an agent', '/agent', 'User-Agent: somebody'),
      ask('no agent', '/agent'),
      ask('a refused query', '/uri?a=select%20b%20from%20c'),
      ask('a refused query as it stands', '/uri?a=selectxfrom'),
      ask('a query', '/uri?a=b'),
      ask('a redirect', '/redirect'),
      ask('a redirect by a pattern', '/regex/a%2Fb?c=d'),
      ask('an answer with another head', '/response'),
      ask('an answer with another body', '/body'),
      ask('an id of its own', '/id', 'X-Request-Id: mine'),
      ask('an error on purpose', '/fault'),
      ask('an error for some', '/some', 'X-Odd: yes'),
      ask('none for others', '/some'),
      ask('made up', '/mock'),
      ask('all rewritten', '/rewrite?a=b', 'X-Gone: a', 'X-Set: b'),
      ask('two that refuse', '/both'),
      ...turns('what a service and a config share', '/shared'),
      ...turns('what a route has of its own', '/shared-own'),
      ...turns('what is changed later', '/later'),
      ask('a rule for what is nowhere', '/nowhere'),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
