import { expect, test } from 'vitest';
import { HpackDecoder, encodeHeaders } from '../../../harness/etcd-link/http2/hpack.ts';

const hex = (text: string): Buffer => Buffer.from(text.replaceAll(' ', ''), 'hex');
const get = (path: string, more: readonly (readonly [string, string])[] = [], scheme = 'http') => [
  [':method', 'GET'],
  [':scheme', scheme],
  [':path', path],
  [':authority', 'www.example.com'],
  ...more,
];

/** RFC 7541, appendix C: three requests on one connection, plain (C.3) and in Huffman's code (C.4). */
test.each([
  [
    'C.3',
    '8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d',
    '8286 84be 5808 6e6f 2d63 6163 6865',
    '8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65',
  ],
  [
    'C.4',
    '8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff',
    '8286 84be 5886 a8eb 1064 9cbf',
    '8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf',
  ],
])('the requests of RFC 7541 %s', (_name, first, second, third) => {
  const decoder = new HpackDecoder();
  expect(decoder.decode(hex(first)).headers).toEqual(get('/'));
  expect(decoder.decode(hex(second)).headers).toEqual(get('/', [['cache-control', 'no-cache']]));
  expect(decoder.decode(hex(third)).headers).toEqual(get('/index.html', [['custom-key', 'custom-value']], 'https'));
});

test('the responses of RFC 7541 C.6, whose table of 256 bytes evicts', () => {
  const decoder = new HpackDecoder();
  // 0x3f 0xe1 0x01 sets the size of the table, which the RFC takes for agreed.
  const first =
    '3fe101 4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6 2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3';
  const dated = (status: string, date: string) => [
    [':status', status],
    ['cache-control', 'private'],
    ['date', date],
    ['location', 'https://www.example.com'],
  ];
  const decoded = decoder.decode(hex(first));
  expect(decoded.headers).toEqual(dated('302', 'Mon, 21 Oct 2013 20:13:21 GMT'));
  expect(decoded.sizeUpdates).toEqual(hex('3fe101'));
  expect(decoder.decode(hex('4883 640e ffc1 c0bf')).headers).toEqual(dated('307', 'Mon, 21 Oct 2013 20:13:21 GMT'));
  const third =
    '88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab 77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f 9587 3160 65c0 03ed 4ee5 b106 3d50 07';
  expect(decoder.decode(hex(third)).headers).toEqual([
    ...dated('200', 'Mon, 21 Oct 2013 20:13:22 GMT'),
    ['content-encoding', 'gzip'],
    ['set-cookie', 'foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1'],
  ]);
});

test('literals of C.2: indexed, not indexed, never indexed', () => {
  const decoder = new HpackDecoder();
  const custom = hex('400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572');
  expect(decoder.decode(custom).headers).toEqual([['custom-key', 'custom-header']]);
  expect(decoder.decode(hex('040c 2f73 616d 706c 652f 7061 7468')).headers).toEqual([[':path', '/sample/path']]);
  expect(decoder.decode(hex('1008 7061 7373 776f 7264 0673 6563 7265 74')).headers).toEqual([['password', 'secret']]);
  expect(decoder.decode(hex('be')).headers).toEqual([['custom-key', 'custom-header']]);
});

test('what is encoded decodes to the same, and no table remembers it', () => {
  const headers = [
    [':path', '/etcdserverpb.Watch/Watch'],
    ['long', 'x'.repeat(70_000)],
    ['bytes', 'é\u0001'],
  ] as const;
  const decoder = new HpackDecoder();
  expect(decoder.decode(encodeHeaders(headers)).headers).toEqual(headers);
  expect(() => decoder.decode(hex('be'))).toThrow('no header at index 62');
});

test.each([
  ['a text that is cut off', '4088 25a8'],
  ['an integer that is cut off', 'ff'],
  ['an integer without end', 'ff ff ff ff ff ff ff ff 01'],
  ['Huffman padding with a zero', '4081 00 81 f8'],
  ['a whole byte of padding', '4001 61 82 1f ff'],
])('%s is refused', (_what, block) => {
  expect(() => new HpackDecoder().decode(hex(block))).toThrow(RangeError);
});
