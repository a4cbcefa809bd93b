/**
 * The Huffman code of HPACK (RFC 7541, appendix B). It is canonical: codes of one length follow one another in the order of
 * their bytes, and those of the next length go on from there. So the lengths say everything.
 */
import { ConnectionError, ErrorCode } from '../errors.ts';

/** Bits of the code of each byte from 0 to 255. */
const lengths = `
  13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28
  6 10 10 12 13 6 8 11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10
  13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13 19 13 14 6
  15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28
  20 22 20 20 22 22 22 23 22 23 23 23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24
  22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21 21 22 21 23 22 23 23 20 22 22 22 23 22 22 23
  26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27 24 21 21 26 26 28 27 27 27
  20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27 27 27 26
`
  .trim()
  .split(/\s+/)
  .map(Number);

const longest = 30;

/** Of the codes with so many bits: the first one, how many there are, and where in `bytes` theirs begin. */
const codes = Array.from({ length: longest + 1 }, () => ({ first: 0, count: 0, start: 0 }));
const bytes: number[] = [];
for (let length = 1, code = 0; length <= longest; length++) {
  const own = lengths.flatMap((each, byte) => (each === length ? [byte] : []));
  codes[length] = { first: code, count: own.length, start: bytes.length };
  bytes.push(...own);
  code = (code + own.length) * 2;
}

/** As latin1 text: each byte is a character. */
export function decodeHuffman(encoded: Buffer): string {
  const decoded: number[] = [];
  let [code, length] = [0, 0];
  for (const byte of encoded) {
    for (let bit = 7; bit >= 0; bit--) {
      code = code * 2 + ((byte >> bit) & 1);
      const { first = 0, count = 0, start = 0 } = codes[++length] ?? {};
      if (code - first < count) {
        decoded.push(bytes[start + code - first] ?? 0);
        [code, length] = [0, 0];
      } else if (length === longest) {
        throw new ConnectionError(ErrorCode.compression, 'the end of a string within it');
      }
    }
  }
  // The last byte is filled up with the beginning of a code that is all ones.
  if (length > 7 || code !== 2 ** length - 1) {
    throw new ConnectionError(ErrorCode.compression, 'a string is filled up wrongly');
  }
  return Buffer.from(decoded).toString('latin1');
}
