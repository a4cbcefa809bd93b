import { expect, test } from 'vitest';
import { createScanner, numberedPut } from '../../../bench/fanout/marks.ts';
import { FrameReader, frame, frameType, windowUpdates } from '../../../harness/faults/storm/frames.ts';

const values = [0, 7, 123_456].map((n) => numberedPut(n).value);
const texts = {
  grpc: values.join('..'),
  json: values.map((value) => `{"value":"${Buffer.from(value).toString('base64')}"}\n`).join(''),
};

test.each(['grpc', 'json'] as const)('every event is found once, however its bytes are cut: %s', (protocol) => {
  const bytes = Buffer.from(texts[protocol]);
  for (let size = 1; size < 60; size++) {
    const found: number[] = [];
    const scan = createScanner(protocol, (n) => found.push(n));
    for (let at = 0; at < bytes.length; at += size) scan(bytes.subarray(at, at + size));
    expect(found).toEqual([0, 7, 123_456]);
  }
});

test('frames are read whole, however their bytes are cut, empty ones too', () => {
  const frames = [
    frame(frameType.settings, 1, 0),
    frame(frameType.data, 0, 1, Buffer.from('hello')),
    windowUpdates(1, 70_000),
    frame(frameType.ping, 0, 0, Buffer.from('12345678')),
  ];
  const bytes = Buffer.concat(frames);
  for (let size = 1; size <= bytes.length; size++) {
    const seen: string[] = [];
    let payload = '';
    const reader = new FrameReader({
      piece: (_type, piece) => (payload += piece.toString('latin1')),
      end: (type, flags, length) => {
        seen.push(`${type} ${flags} ${length} ${payload}`);
        payload = '';
      },
    });
    for (let at = 0; at < bytes.length; at += size) reader.take(bytes.subarray(at, at + size));
    const update = '\0\x01\x11p';
    expect(seen).toEqual(['4 1 0 ', '0 0 5 hello', `8 0 4 ${update}`, `8 0 4 ${update}`, '6 0 8 12345678']);
  }
});
