import type { ConformanceRequest } from '../../conformance.ts';

const key = ['Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==', 'Sec-WebSocket-Version: 13'];

/** Header lines of an upgrade, after which a client waits for its answer before it speaks. */
const upgrades: Readonly<Record<string, readonly string[]>> = {
  'as written': ['Connection: Upgrade', 'Upgrade: websocket', ...key],
  'in lower case': ['connection: upgrade', 'upgrade: websocket', ...key],
  'as Firefox writes it': ['Connection: keep-alive, Upgrade', 'Upgrade: websocket', ...key],
  'in another case': ['Connection: Upgrade', 'Upgrade: WebSocket', ...key],
  'with a protocol': ['Connection: Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Protocol: chat, other', ...key],
  'with an extension': [
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Extensions: permessage-deflate',
    ...key,
  ],
  'of an older version': ['Connection: close, Upgrade', 'Upgrade: websocket', 'Sec-WebSocket-Version: 8'],
  'with an origin': ['Connection: Upgrade', 'Upgrade: websocket', 'Origin: http://other.test', ...key],
};

/** Answers of the upstream: how it behaves, by its own name for it. */
const answers = ['empty', 'length', 'not-modified'];

/** What goes on for longer than a request and an answer: WebSocket, events sent by the server; and answers without a body. */
export const streams: readonly ConformanceRequest[] = [
  ...Object.entries(upgrades).map(([name, lines]) => ({
    name: `WebSocket ${name}`,
    head: ['GET /ws HTTP/1.1', ...lines] as const,
    pause: '150ms' as const,
    body: 'hello',
  })),
  ...['GET', 'POST', 'HEAD'].map((method) => ({
    name: `events, asked by ${method}`,
    head: [
      `${method} /all/events HTTP/1.1`,
      'X-Case: stream',
      'Accept: text/event-stream',
      'Content-Length: 0',
    ] as const,
  })),
  { name: 'events over HTTP/1.0', head: ['GET /all/events HTTP/1.0', 'X-Case: stream'] },
  {
    name: 'events with what was last seen',
    head: ['GET /all/events HTTP/1.1', 'X-Case: stream', 'Accept: text/event-stream', 'Last-Event-ID: 7'],
  },
  ...answers.flatMap((answer) =>
    ['GET', 'HEAD', 'POST'].map((method) => ({
      name: `${answer} to ${method}`,
      head: [`${method} /all/a HTTP/1.1`, `X-Case: ${answer}`, 'Content-Length: 0'] as const,
    })),
  ),
];
