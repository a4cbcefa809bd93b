import type { ConformanceRequest } from '../conformance.ts';
import type { Scenario } from '../scenario.ts';
import { echoed, host, lightTrial, route } from './request.ts';

const node = { host: '{host}', port: '{port}', weight: 1 };

const chunked = 'Transfer-Encoding: chunked';
const upload = 'up and up '.repeat(7_000);
const inChunks = `${'7d0\r\n'.concat('ten bytes '.repeat(200), '\r\n').repeat(10)}0\r\n\r\n`;

/** On one connection: whoever leaves a part of a body unread, or takes one byte too many, takes the next request for another. */
const next = 'GET /next HTTP/1.1\r\nHost: conformance.test\r\nX-Case: echo\r\nConnection: close\r\n\r\n';
const kept = 'Connection: keep-alive';

function then(name: string, head: readonly [string, ...string[]], body = ''): ConformanceRequest {
  return { name: `${name}, then another`, head: [...head, kept], body: `${body}${next}` };
}

const followed: readonly ConformanceRequest[] = [
  then('a GET', ['GET / HTTP/1.1', 'X-Case: echo']),
  then('a HEAD', ['HEAD / HTTP/1.1', 'X-Case: length']),
  then('no content', ['GET / HTTP/1.1', 'X-Case: empty']),
  then('not modified', ['GET / HTTP/1.1', 'X-Case: not-modified']),
  then('a POST', ['POST / HTTP/1.1', 'X-Case: echo', 'Content-Length: 5'], 'hello'),
  then('a POST in chunks', ['POST / HTTP/1.1', 'X-Case: echo', chunked], '5\r\nhello\r\n0\r\n\r\n'),
  then('a trailer', ['POST / HTTP/1.1', 'X-Case: echo', chunked], '5\r\nhello\r\n0\r\nX-Trailer: a\r\n\r\n'),
  then('a GET with a body', ['GET / HTTP/1.1', 'X-Case: echo', 'Content-Length: 5'], 'hello'),
  then('a POST to nowhere', ['POST /nowhere HTTP/1.1', 'Host: nowhere.test', 'Content-Length: 5'], 'hello'),
  then('a POST to an upstream that is not there', ['POST /dead HTTP/1.1', 'Content-Length: 5'], 'hello'),
];

/** Headers, framing, streaming and what happens when an upstream fails, message by message. */
export const httpMessages: Scenario = {
  ...lightTrial,
  name: 'http-messages',
  claim: 'Requests reach the upstream, and answers the client, header by header and byte by byte as they did before.',
  anchors: [
    'apache/apisix#12551',
    'apache/apisix#7215',
    'istio/istio#13851',
    'traefik/traefik#10598',
    'apache/apisix#12665',
  ],
  conformance: {
    objects: {
      'routes/c-all': route('/*'),
      // Two nodes at one address: whoever tries again has somewhere to go.
      'routes/c-twice': { host, uri: '/twice', upstream: { type: 'roundrobin', nodes: [node, node] } },
      'routes/c-dead': { host, uri: '/dead', upstream: { type: 'roundrobin', nodes: { '{dead}': 1 } } },
    },
    requests: [
      echoed('plain', 'GET /plain'),
      echoed('a header twice', 'GET /', 'X-Twice: one', 'X-Twice: two'),
      echoed(
        'forwarded by others',
        'GET /',
        'X-Forwarded-For: 10.0.0.1',
        'X-Forwarded-Proto: https',
        'X-Forwarded-Host: a.test',
      ),
      echoed('forwarded by two others', 'GET /', 'X-Forwarded-For: 10.0.0.1', 'X-Forwarded-For: 10.0.0.2'),
      echoed('a real address', 'GET /', 'X-Real-IP: 10.0.0.1'),
      echoed('names in odd cases', 'GET /', 'x-LOWER-upper: a', 'COOKIE: a=1', 'cookie: b=2'),
      echoed('an empty header', 'GET /', 'X-Empty:', 'X-Blank:   x  '),
      echoed('one hop only', 'GET /', 'Connection: close, X-Hop', 'X-Hop: mine', 'Keep-Alive: 5', 'TE: trailers'),
      echoed('bytes above ASCII', 'GET /', 'X-Latin: \u00e9'),
      echoed('no body with a length', 'POST /', 'Content-Length: 0'),
      { ...echoed('a body', 'POST /', 'Content-Length: 5'), body: 'hello' },
      { ...echoed('a chunked body', 'POST /', 'Transfer-Encoding: chunked'), body: '5\r\nhello\r\n0\r\n\r\n' },
      { ...echoed('a slow upload', 'POST /', 'Content-Length: 5'), pause: '900ms', body: 'hello' },
      { ...echoed('expects to be told', 'PUT /', 'Content-Length: 5', 'Expect: 100-continue'), body: 'hello' },
      { name: 'HEAD', head: ['HEAD / HTTP/1.1', 'X-Case: length'] },
      { name: 'a length', head: ['GET / HTTP/1.1', 'X-Case: length'] },
      { name: 'no content', head: ['GET / HTTP/1.1', 'X-Case: empty'] },
      { name: 'not modified', head: ['GET / HTTP/1.1', 'X-Case: not-modified'] },
      { name: 'a stream', head: ['GET / HTTP/1.1', 'X-Case: stream'] },
      { name: 'HTTP/1.0', head: ['GET / HTTP/1.0', 'X-Case: echo'] },
      {
        name: 'a POST that is cut off',
        head: ['POST /twice HTTP/1.1', 'X-Case: reset-once', 'X-Id: post', 'Content-Length: 2'],
        body: 'ok',
      },
      { name: 'a GET that is cut off', head: ['GET /twice HTTP/1.1', 'X-Case: reset-once', 'X-Id: get'] },
      { name: 'an upstream that is not there', head: ['GET /dead HTTP/1.1'] },
      ...['odd', 'cookies', 'encoded', 'large', 'hints', 'trailers'].flatMap((answer) => [
        { name: `an answer: ${answer}`, head: ['GET / HTTP/1.1', `X-Case: ${answer}`] as const },
        { name: `an answer to HTTP/1.0: ${answer}`, head: ['GET / HTTP/1.0', `X-Case: ${answer}`] as const },
      ]),
      { name: 'a large upload', head: ['POST / HTTP/1.1', 'X-Case: size', 'Content-Length: 70000'], body: upload },
      { name: 'a large upload in chunks', head: ['POST / HTTP/1.1', 'X-Case: size', chunked], body: inChunks },
      ...followed,
      { name: 'upstream connections are used again', head: ['GET / HTTP/1.1', 'X-Case: connection'], times: 9 },
    ],
  },
  expectations: [
    { kind: 'invariant', oracle: 'conformance' },
    { kind: 'invariant', oracle: 'serve-last-good' },
    { kind: 'invariant', oracle: 'stays-up' },
    { kind: 'invariant', oracle: 'bounded-cost' },
  ],
};
