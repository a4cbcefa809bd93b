/** HPACK's Huffman code (RFC 7541, appendix B). It is canonical: the lengths of the codes say what the codes are. */

/** Bits of the code of each byte value, 0 to 255. */
const lengths: readonly number[] = `
  13 23 28 28 28 28 28 28 28 24 30 28 28 30 28 28 28 28 28 28 28 28 30 28 28 28 28 28 28 28 28 28 6 10 10 12 13 6 8
  11 10 10 8 11 8 6 6 6 5 5 5 6 6 6 6 6 6 6 7 8 15 6 12 10 13 6 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 7 8 7 8 13
  19 13 14 6 15 5 6 5 6 5 6 6 6 5 7 7 6 6 6 5 6 7 6 5 5 6 7 7 7 7 7 15 11 14 13 28 20 22 20 20 22 22 22 23 22 23 23
  23 23 23 24 23 24 24 22 23 24 23 23 23 23 21 22 23 22 23 23 24 22 21 20 22 22 23 23 21 23 22 22 24 21 22 23 23 21
  21 22 21 23 22 23 23 20 22 22 22 23 22 22 23 26 26 20 19 22 23 22 25 26 26 26 27 27 26 24 25 19 21 26 27 27 26 27
  24 21 21 26 26 28 27 27 27 20 24 20 21 22 21 21 23 22 22 25 25 24 24 26 23 26 27 26 26 27 27 27 27 27 28 27 27 27
  27 27 26
`
  .trim()
  .split(/\s+/)
  .map(Number);

/** A binary tree in one array: two places a node; a positive entry is a node, a negative one a byte value, as -1 - value. */
const tree: Int16Array = plant();

function plant(): Int16Array {
  const nodes: number[] = [0, 0];
  let [code, width] = [0, 0];
  const inOrder = lengths.map((length, value) => ({ length, value })).toSorted((a, b) => a.length - b.length);
  for (const { length, value } of inOrder) {
    code <<= length - width;
    width = length;
    let node = 0;
    for (let bit = length - 1; bit > 0; bit--) {
      const place = node * 2 + ((code >>> bit) & 1);
      if (nodes[place] === 0) {
        nodes[place] = nodes.length / 2;
        nodes.push(0, 0);
      }
      node = nodes[place] ?? 0;
    }
    nodes[node * 2 + (code & 1)] = -1 - value;
    code++;
  }
  return Int16Array.from(nodes);
}

/** The text, a byte a character. Throws a RangeError when the padding is not the beginning of the end-of-string code. */
export function decodeHuffman(bytes: Buffer): string {
  const out = Buffer.allocUnsafe(bytes.length * 2);
  let [length, node, padding] = [0, 0, 0];
  for (const byte of bytes) {
    for (let bit = 7; bit >= 0; bit--) {
      const one = (byte >>> bit) & 1;
      const next = tree[node * 2 + one] ?? 0;
      padding = one === 1 ? padding + 1 : 8;
      if (next >= 0) {
        // The end-of-string code leads nowhere: no text holds it.
        if (next === 0) throw new RangeError('no such Huffman code');
        node = next;
      } else {
        out[length++] = -1 - next;
        [node, padding] = [0, 0];
      }
    }
  }
  if (padding > 7) throw new RangeError('wrong Huffman padding');
  return out.toString('latin1', 0, length);
}
