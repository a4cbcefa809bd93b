import type { ConformanceRequest } from '../../conformance.ts';
import { echoed } from '../request.ts';

const chunked = 'Transfer-Encoding: chunked';
const end = '0\r\n\r\n';

/** Header lines that frame a body, and the bytes after them: where gateways disagree, requests can be smuggled. */
const framed: Readonly<Record<string, readonly [readonly string[], string]>> = {
  'a length of nothing': [['Content-Length: 0'], ''],
  'a length with zeros': [['Content-Length: 005'], 'hello'],
  'a length with a sign': [['Content-Length: +5'], 'hello'],
  'a length below nothing': [['Content-Length: -1'], ''],
  'a length in hexadecimal': [['Content-Length: 0x5'], 'hello'],
  'a length with a fraction': [['Content-Length: 5.0'], 'hello'],
  'a length in blanks': [['Content-Length:   5  '], 'hello'],
  'no length at all': [['Content-Length:'], ''],
  'one length twice': [['Content-Length: 5', 'Content-Length: 5'], 'hello'],
  'two lengths': [['Content-Length: 5', 'Content-Length: 4'], 'hello'],
  'a list of one length': [['Content-Length: 5, 5'], 'hello'],
  'a length without end': [[`Content-Length: ${'9'.repeat(30)}`], ''],
  'a chunk': [[chunked], `5\r\nhello\r\n${end}`],
  'chunks in another case': [['transfer-encoding: CHUNKED'], `5\r\nhello\r\n${end}`],
  'no chunk': [[chunked], end],
  'sizes with zeros': [[chunked], `0005\r\nhello\r\n000\r\n\r\n`],
  'sizes in both cases': [[chunked], `a\r\n0123456789\r\nA\r\n0123456789\r\n${end}`],
  'an extension': [[chunked], `5;name=value\r\nhello\r\n${end}`],
  'a quoted extension': [[chunked], `5;name="a;b"\r\nhello\r\n${end}`],
  'a trailer': [[chunked, 'Trailer: X-Trailer'], '5\r\nhello\r\n0\r\nX-Trailer: a\r\n\r\n'],
  'a trailer that frames': [[chunked], '5\r\nhello\r\n0\r\nContent-Length: 5\r\n\r\n'],
  'a size that is none': [[chunked], `xyz\r\nhello\r\n${end}`],
  'a size with a sign': [[chunked], `+5\r\nhello\r\n${end}`],
  'a size beyond counting': [[chunked], `fffffffffffffffff\r\nhello\r\n${end}`],
  'bare line feeds': [[chunked], '5\nhello\n0\n\n'],
  'chunks and a length': [[chunked, 'Content-Length: 5'], `5\r\nhello\r\n${end}`],
  'a length and chunks': [['Content-Length: 5', chunked], `5\r\nhello\r\n${end}`],
  'chunks twice': [[chunked, chunked], `5\r\nhello\r\n${end}`],
  'identity and chunks': [['Transfer-Encoding: identity, chunked'], `5\r\nhello\r\n${end}`],
  'chunks, then identity': [['Transfer-Encoding: chunked, identity'], `5\r\nhello\r\n${end}`],
  'gzip and chunks': [['Transfer-Encoding: gzip, chunked'], `5\r\nhello\r\n${end}`],
  'chunks with a blank before the colon': [['Transfer-Encoding : chunked'], `5\r\nhello\r\n${end}`],
  'chunks with a tab': [['Transfer-Encoding:\tchunked'], `5\r\nhello\r\n${end}`],
  'chunks in quotes': [['Transfer-Encoding: "chunked"'], `5\r\nhello\r\n${end}`],
  'an encoding that nobody knows': [['Transfer-Encoding: nothing'], ''],
};

const lines: Readonly<Record<string, string>> = {
  'HTTP/1.0': 'GET /all/l HTTP/1.0',
  'a version that is to come': 'GET /all/l HTTP/1.2',
  'HTTP/2 by name': 'GET /all/l HTTP/2.0',
  'HTTP/0.9': 'GET /all/l',
  'a version in lower case': 'GET /all/l http/1.1',
  'two blanks': 'GET  /all/l HTTP/1.1',
  'a tab': 'GET\t/all/l\tHTTP/1.1',
  'a blank at the end': 'GET /all/l HTTP/1.1 ',
  'a blank in the path': 'GET /all/a b HTTP/1.1',
  'no path': 'GET  HTTP/1.1',
  'a path without a slash': 'GET all/l HTTP/1.1',
  'the absolute form': 'GET http://conformance.test/all/l HTTP/1.1',
  'the absolute form of another host': 'GET http://other.test/all/l HTTP/1.1',
  'the absolute form over TLS': 'GET https://conformance.test/all/l HTTP/1.1',
  'an asterisk': 'OPTIONS * HTTP/1.1',
  'an asterisk for GET': 'GET * HTTP/1.1',
  'a method with odd characters': 'GET! /all/l HTTP/1.1',
};

export const framing: readonly ConformanceRequest[] = [
  ...Object.entries(framed).map(([name, [headers, body]]) => ({
    ...echoed(`body: ${name}`, 'POST /all/f', ...headers),
    body,
  })),
  ...Object.entries(lines).map(([name, line]) => ({
    name: `request line: ${name}`,
    head: [line, 'X-Case: echo'] as const,
  })),
];
