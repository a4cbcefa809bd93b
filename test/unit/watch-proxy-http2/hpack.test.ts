/** HPACK against the examples of its RFC, and against Node's own HTTP/2 as an independent peer. */
import { once } from 'node:events';
import { connect } from 'node:http2';
import { type AddressInfo, createServer } from 'node:net';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ConnectionError } from '../../../gateway/watch-proxy/http2/errors.ts';
import { FrameReader, FrameType } from '../../../gateway/watch-proxy/http2/frames.ts';
import { HeaderBlocks } from '../../../gateway/watch-proxy/http2/header-blocks.ts';
import { HpackDecoder } from '../../../gateway/watch-proxy/http2/hpack/decoder.ts';
import { emptyTable, encodeFields } from '../../../gateway/watch-proxy/http2/hpack/encoder.ts';
import type { Field } from '../../../gateway/watch-proxy/http2/hpack/static-table.ts';
import { ourSettings } from '../../../gateway/watch-proxy/http2/settings.ts';

const most = 65_536;
const decode = (decoder: HpackDecoder, hex: string): readonly Field[] =>
  decoder.decode(Buffer.from(hex.replaceAll(' ', ''), 'hex'), most).fields;

const request = (scheme: string, path: string, ...more: readonly Field[]): readonly Field[] => [
  [':method', 'GET'],
  [':scheme', scheme],
  [':path', path],
  [':authority', 'www.example.com'],
  ...more,
];
const requests = [
  request('http', '/'),
  request('http', '/', ['cache-control', 'no-cache']),
  request('https', '/index.html', ['custom-key', 'custom-value']),
];

test.each([
  [
    'C.3, plain',
    [
      '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
      '8286 84be 5808 6e6f 2d63 6163 6865',
      '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
    ],
  ],
  [
    'C.4, Huffman',
    [
      '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
      '8286 84be 5886 a8eb 1064 9cbf',
      '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
    ],
  ],
])('requests of RFC 7541, appendix %s', (_name, blocks) => {
  const decoder = new HpackDecoder();
  expect(blocks.map((block) => decode(decoder, block))).toEqual(requests);
});

const response = (status: string, seconds: string, ...more: readonly Field[]): readonly Field[] => [
  [':status', status],
  ['cache-control', 'private'],
  ['date', `Mon, 21 Oct 2013 20:13:${seconds} GMT`],
  ['location', 'https://www.example.com'],
  ...more,
];

test('responses of RFC 7541, appendix C.6, through a table of 256 bytes that evicts', () => {
  const decoder = new HpackDecoder();
  const blocks = [
    // Set by the first block here, by a setting in the RFC.
    '3fe1 01 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3',
    '4883 640e ffc1 c0bf',
    '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07',
  ];
  expect(blocks.map((block) => decode(decoder, block))).toEqual([
    response('302', '21'),
    response('307', '21'),
    [
      ...response('200', '22').slice(0, 4),
      ['content-encoding', 'gzip'],
      ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
    ],
  ]);
});

test.each([
  ['an entry that is not there', 'be'],
  ['entry 0', '80'],
  ['a string that is cut off', '0005 6162'],
  ['a block that ends within a literal', '00'],
  ['a number without an end', '3fff ffff ffff ff'],
  ['a table larger than allowed', '3fe2 1f'],
  ['a resize after a field', '82 20'],
  ['the end of a string within it', '0084 ffff ffff 0161'],
  ['eight bits and more of filling', '0082 1fff 0161'],
  ['filling that is not all ones', '0081 18 0161'],
])('%s is refused', (_what, block) => {
  expect(() => decode(new HpackDecoder(), block)).toThrow(ConnectionError);
});

test('a block that stands for very much is decoded, and not kept', () => {
  const decoder = new HpackDecoder();
  const entry = Buffer.concat([encodeFields([['a', 'x'.repeat(3_900)]])]);
  // The same literal, put into the table; then a thousand times that entry.
  entry[0] = 0x40;
  const bomb = Buffer.concat([entry, Buffer.alloc(20_000, 0xbe)]);
  const { fields, isTooLarge } = decoder.decode(bomb, most);
  expect(isTooLarge).toBe(true);
  expect(fields.length).toBeLessThan(20);
  expect(decode(decoder, 'be')).toEqual([['a', 'x'.repeat(3_900)]]);
});

const name = fc.stringMatching(/^[!#$%&'*+.^_`|~0-9a-z-]{1,40}$/);
const value = fc.string({ unit: fc.integer({ min: 0x21, max: 0xff }).map((code) => String.fromCodePoint(code)) });
const fields = fc.array(fc.tuple(name, value), { maxLength: 30 });

test('what we encode, we decode', () => {
  fc.assert(
    fc.property(fields, (fields) => {
      const block = Buffer.concat([emptyTable, encodeFields(fields)]);
      expect(new HpackDecoder().decode(block, 1e6).fields).toEqual(fields);
    }),
  );
});

/** What a client of Node sends is read frame by frame, and nothing is answered but settings. */
const seen: Record<string, string>[] = [];
const server = createServer((socket) => {
  const [reader, blocks, decoder] = [new FrameReader(), new HeaderBlocks(), new HpackDecoder()];
  let preface = 24;
  socket.write(ourSettings);
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    const skipped = Math.min(preface, chunk.length);
    preface -= skipped;
    for (const frame of reader.push(chunk.subarray(skipped))) {
      if (frame.type !== FrameType.headers && frame.type !== FrameType.continuation) continue;
      const block = blocks.take(frame);
      if (block !== undefined) seen.push(Object.fromEntries(decoder.decode(block.bytes, 1e6).fields));
    }
  });
});

beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.close();
});

/** Of a message, in which Node sends each once only and which carry no meaning of their own to it. */
const headers = fc.dictionary(fc.stringMatching(/^x-[0-9a-z-]{1,40}$/), fc.stringMatching(/^[!-~]{1,200}$/), {
  maxKeys: 20,
});

test("what Node's client encodes, we decode: over one table, with whatever it chooses to index", async () => {
  const { port } = server.address() as AddressInfo;
  const client = connect(`http://127.0.0.1:${port}`);
  client.on('error', () => undefined);
  await fc.assert(
    fc.asyncProperty(headers, async (headers) => {
      const before = seen.length;
      const stream = client.request({ ':path': '/x', ...headers });
      stream.on('error', () => undefined);
      await expect.poll(() => seen.length, { interval: 1 }).toBe(before + 1);
      const { ':method': _m, ':path': _p, ':scheme': _s, ':authority': _a, ...own } = seen.at(-1) ?? {};
      expect(own).toEqual({ ...headers });
      stream.close();
    }),
    { numRuns: 200 },
  );
  client.destroy();
});

test("what we encode, Node's client decodes", async () => {
  await fc.assert(
    fc.asyncProperty(headers, async (headers) => {
      const sent: readonly Field[] = [[':status', '200'], ...Object.entries(headers)];
      const answering = createServer((socket) => {
        const block = Buffer.concat([emptyTable, encodeFields(sent)]);
        const head = Buffer.from([0, 0, 0, FrameType.headers, 0x5, 0, 0, 0, 1]);
        head.writeUIntBE(block.length, 0, 3);
        socket.on('error', () => undefined);
        socket.write(ourSettings);
        socket.once('data', () => socket.write(Buffer.concat([head, block])));
      });
      await once(answering.listen(0, '127.0.0.1'), 'listening');
      const client = connect(`http://127.0.0.1:${(answering.address() as AddressInfo).port}`);
      client.on('error', () => undefined);
      const [got] = (await once(client.request({ ':path': '/' }), 'response')) as [Record<string, unknown>];
      expect(Object.fromEntries(Object.entries(got).filter(([name]) => name !== ':status'))).toEqual({ ...headers });
      client.destroy();
      answering.close();
    }),
    { numRuns: 50 },
  );
});
