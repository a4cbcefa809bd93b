import type { StoredValue } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { echoed, lightTrial } from './request.ts';

/** A route that tells its own name: the path that the upstream sees. */
function named(name: string, match: Readonly<Record<string, unknown>>): StoredValue {
  return {
    upstream: { type: 'roundrobin', nodes: { '{upstream}': 1 } },
    plugins: { 'proxy-rewrite': { uri: `/won-by/${name}` } },
    ...match,
  };
}

function ask(name: string, hostName: string, line: string, ...headers: readonly string[]): ReturnType<typeof echoed> {
  return echoed(name, line, `Host: ${hostName}`, ...headers);
}

/** Routes that overlap in host, path, method, priority and conditions: who wins is what clients rely on. */
export const routeMatching: Scenario = {
  ...lightTrial,
  name: 'route-matching',
  claim: 'Of routes that overlap the same one wins as before.',
  anchors: [
    'apache/apisix#2423',
    'apache/apisix#9047',
    'traefik/traefik#11027',
    'Kong/kubernetes-ingress-controller#2876',
  ],
  conformance: {
    objects: {
      'routes/m-low': named('low', { host: 'priority.test', uri: '/long/path/*', priority: 1 }),
      'routes/m-high': named('high', { host: 'priority.test', uri: '/long/*', priority: 10 }),
      'routes/m-same-a': named('same-a', { host: 'same.test', uri: '/same', priority: 5 }),
      'routes/m-same-b': named('same-b', { host: 'same.test', uri: '/same', priority: 7 }),
      'routes/m-exact-host': named('exact-host', { host: 'a.hosts.test', uri: '/*' }),
      'routes/m-wild-host': named('wild-host', { host: '*.hosts.test', uri: '/deep/er' }),
      'routes/m-wild-short': named('wild-short', { host: '*.test', uri: '/deep/er/still' }),
      'routes/m-any-host': named('any-host', { uri: '/any/host/path' }),
      'routes/m-one-host': named('one-host', { host: 'any.test', uri: '/any/*' }),
      'routes/m-rule-a': named('rule-short', { hosts: ['rule.test'], uri: '/r/:id' }),
      'routes/m-rule-b': named('rule-long', {
        hosts: ['rule.test', 'other.rule.test', 'third.rule.test'],
        uri: '/r/*',
      }),
      'routes/m-get': named('get', { host: 'methods.test', uri: '/m', methods: ['GET', 'HEAD'] }),
      'routes/m-post': named('post', { host: 'methods.test', uri: '/m', methods: ['POST'] }),
      'routes/m-literal': named('literal', { host: 'kinds.test', uri: '/k/one' }),
      'routes/m-parameter': named('parameter', { host: 'kinds.test', uri: '/k/:id' }),
      'routes/m-prefix': named('prefix', { host: 'kinds.test', uri: '/k/*' }),
      'routes/m-vars': named('vars', {
        host: 'vars.test',
        uri: '/v',
        priority: 1,
        vars: [['arg_version', '~~', '^(?!2).*$']],
      }),
      'routes/m-vars-else': named('vars-else', { host: 'vars.test', uri: '/v' }),
      'routes/m-header': named('header', {
        host: 'vars.test',
        uri: '/h',
        priority: 1,
        vars: [['http_x_group', '==', 'b']],
      }),
      'routes/m-header-else': named('header-else', { host: 'vars.test', uri: '/h' }),
    },
    // What has won goes, is switched off, or turns to other hosts: then who comes after it wins, as if it had never been.
    edits: [
      {
        at: '100ms',
        objects: {
          'routes/m-high': null,
          'routes/m-same-b': named('same-b', { host: 'same.test', uri: '/same', priority: 1 }),
          'routes/m-exact-host': named('exact-host', { host: 'moved.hosts.test', uri: '/*' }),
          'routes/m-one-host': null,
          'routes/m-get': named('get', { host: 'methods.test', uri: '/m', methods: ['GET', 'DELETE'] }),
          'routes/m-literal': named('literal', { host: 'kinds.test', uri: '/k/one', status: 0 }),
          'routes/m-header': named('header', {
            host: 'vars.test',
            uri: '/h',
            priority: 1,
            vars: [['http_x_group', '==', 'c']],
          }),
        },
      },
    ],
    requests: [
      ask('length over priority', 'priority.test', 'GET /long/path/x'),
      ask('priority alone', 'priority.test', 'GET /long/x'),
      ask('same path, higher priority', 'same.test', 'GET /same'),
      ask('exact host, any path', 'a.hosts.test', 'GET /deep/er'),
      ask('wildcard host', 'b.hosts.test', 'GET /deep/er'),
      ask('short wildcard', 'b.hosts.test', 'GET /deep/er/still'),
      ask('host in upper case with a port', 'A.HOSTS.TEST:80', 'GET /deep/er'),
      ask('no host but a path', 'nobody.example', 'GET /any/host/path'),
      ask('host before path', 'any.test', 'GET /any/host/path'),
      ask('a short rule and a long one', 'rule.test', 'GET /r/x'),
      ask('HEAD', 'methods.test', 'GET /m'),
      ask('POST', 'methods.test', 'POST /m', 'Content-Length: 0'),
      ask('DELETE', 'methods.test', 'DELETE /m'),
      ask('literal', 'kinds.test', 'GET /k/one'),
      ask('parameter', 'kinds.test', 'GET /k/two'),
      ask('prefix', 'kinds.test', 'GET /k/two/three'),
      ask('a pattern that looks ahead', 'vars.test', 'GET /v?version=1'),
      ask('and does not fit', 'vars.test', 'GET /v?version=2'),
      ask('a header decides', 'vars.test', 'GET /h', 'X-Group: b'),
      ask('a header is missing', 'vars.test', 'GET /h'),
      ask('another header decides', 'vars.test', 'GET /h', 'X-Group: c'),
      ask('a host of its own, later', 'moved.hosts.test', 'GET /deep/er'),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
