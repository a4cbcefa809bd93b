/**
 * Header blocks for clients: entries of the static table and literals that are not indexed (RFC 7541, 6). There is no table
 * to keep in step with the client, so a block is the same bytes for every client, and can be made once.
 */
import { type Field, staticTable } from './static-table.ts';

const whole = new Map<string, number>();
const names = new Map<string, number>();
for (const [index, [name, value]] of staticTable.entries()) {
  whole.set(`${name}\n${value}`, index + 1);
  if (!names.has(name)) names.set(name, index + 1);
}

/**
 * Stands at the beginning of the first block of a connection: our table holds nothing from now on. A client that allows
 * less than HPACK's 4096 bytes waits for such a word, and one that allows more does not mind it.
 */
export const emptyTable: Buffer = Buffer.of(0x20);

/** Names in lower case, names and values as latin1 text. */
export function encodeFields(fields: readonly Field[]): Buffer {
  return Buffer.concat(fields.map(encodeField));
}

function encodeField([name, value]: Field): Buffer {
  const known = whole.get(`${name}\n${value}`);
  if (known !== undefined) return number(known, 7, 0x80);
  const index = names.get(name);
  const head = index === undefined ? Buffer.concat([Buffer.of(0), text(name)]) : number(index, 4, 0);
  return Buffer.concat([head, text(value)]);
}

function text(value: string): Buffer {
  const bytes = Buffer.from(value, 'latin1');
  return Buffer.concat([number(bytes.length, 7, 0), bytes]);
}

/** A number that begins in the last `bits` bits of a byte, whose first ones are those of `first`. */
function number(value: number, bits: number, first: number): Buffer {
  const most = 2 ** bits - 1;
  if (value < most) return Buffer.of(first | value);
  const bytes = [first | most];
  let rest = value - most;
  for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) bytes.push((rest % 0x80) | 0x80);
  return Buffer.of(...bytes, rest);
}
