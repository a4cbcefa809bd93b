/** What is written and watched: a value that tells its number, and finding those numbers in bytes that come in pieces. */

export const prefix = '/apisix/';
const keys = 50;
const valueBytes = 600;
const digits = 6;
/** Fifteen bytes: base64 writes three bytes as four letters, so in JSON the mark and the digits are whole letters too. */
const mark = 'watch-fanout-n=';

export function numberedPut(n: number): { readonly key: string; readonly value: string } {
  const value = `${mark}${String(n).padStart(digits, '0')}`.padEnd(valueBytes, 'v');
  return { key: `${prefix}routes/${n % keys}`, value };
}

export type Protocol = 'grpc' | 'json';

interface Look {
  readonly mark: Buffer;
  readonly digits: number;
  readonly number: (text: string) => number;
}

const looks: Readonly<Record<Protocol, Look>> = {
  grpc: { mark: Buffer.from(mark), digits, number: Number },
  json: {
    mark: Buffer.from(Buffer.from(mark).toString('base64')),
    digits: (digits / 3) * 4,
    number: (text) => Number(Buffer.from(text, 'base64').toString()),
  },
};

/** Calls back with the number of each event, once, however its bytes were cut. */
export function createScanner(protocol: Protocol, onEvent: (n: number) => void): (piece: Buffer) => void {
  const { mark, digits, number } = looks[protocol];
  const whole = mark.length + digits;
  const first = mark.readUInt8(0);
  let kept: Buffer | undefined;
  return (piece) => {
    const bytes = kept === undefined ? piece : Buffer.concat([kept, piece]);
    kept = undefined;
    let from = 0;
    for (let at = bytes.indexOf(mark); at >= 0 && at + whole <= bytes.length; at = bytes.indexOf(mark, from)) {
      onEvent(number(bytes.toString('latin1', at + mark.length, at + whole)));
      from = at + whole;
    }
    // The beginning of a mark whose end has not come.
    const rest = bytes.indexOf(first, Math.max(from, bytes.length - whole + 1));
    if (rest >= 0) kept = Buffer.from(bytes.subarray(rest));
  };
}
