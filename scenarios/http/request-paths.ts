import type { Scenario } from '../scenario.ts';
import { echoed, lightTrial, route } from './request.ts';

const paths = [
  '/paths/plain',
  '/paths/a%2Fb',
  '/paths/a%2fb',
  '/paths/a%20b',
  '/paths/a+b',
  '/paths/a%0Ab',
  '/paths/a%5Cb',
  '/paths/a%3Bb',
  '/paths/a;b=c',
  '/paths/a%25b',
  '/paths/a%3Fb',
  '/paths/a%23b',
  '/paths/a%00b',
  '/paths/%C3%A9',
  '/paths/%zz',
  '/paths//a',
  '//paths/a',
  '/paths/./a',
  '/paths/x/../a',
  '/paths/%2e%2e/paths/a',
  '/paths/',
  '/paths',
  '/paths/a/',
  '/paths?query',
  '/paths/a?b=c%2Fd&b=e&f',
  '/paths/a?b=/../c',
  '/exact',
  '/exact/',
  '/EXACT',
  '/users/1/posts',
  '/users/1%2F2/posts',
  '/users/a%20b/posts',
  '/users//posts',
  '/users/1/posts/',
  '/strip/a/b',
  '/strip/a%2Fb?c=d',
  '/strip/',
  '/api.0',
  '/api/users',
  '/api',
  '/nowhere',
  '/',
];

/** The same paths, encoded and joined in every way that a client may send them. */
export const requestPaths: Scenario = {
  ...lightTrial,
  name: 'request-paths',
  claim: 'Every path meets the same route and reaches the upstream as it did before.',
  anchors: ['apache/apisix#13626', 'traefik/traefik#12360', 'kubernetes/ingress-nginx#6389', 'Kong/kong#5985'],
  conformance: {
    objects: {
      'routes/c-paths': route('/paths/*'),
      'routes/c-exact': route('/exact'),
      'routes/c-parameter': route('/users/:id/posts'),
      'routes/c-strip': route('/strip/*', {
        plugins: { 'proxy-rewrite': { regex_uri: ['^/strip/(.*)', '/kept/$1'] } },
      }),
      'routes/c-join': route('/api*', { plugins: { 'proxy-rewrite': { regex_uri: ['^/api(.*)', '/v1$1'] } } }),
    },
    requests: [
      echoed('absolute form', 'GET http://conformance.test/paths/absolute'),
      ...paths.map((path) => echoed(`path ${path}`, `GET ${path}`)),
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
  ],
};
