/** What the fields of a request must be (RFC 9113, 8.2 and 8.3). A request that is not so never reaches anybody. */
import { ErrorCode, StreamError } from './errors.ts';
import type { Field } from './hpack/static-table.ts';

/** By name, in lower case; those of one name are joined. `:method`, `:scheme` and `:path` are always there. */
export type RequestHeaders = Readonly<Record<string, string>>;

const pseudo = new Set([':method', ':scheme', ':path', ':authority']);
/** Of a connection of HTTP/1.1: here they can only be meant to deceive. */
const ofConnection = new Set(['connection', 'proxy-connection', 'keep-alive', 'transfer-encoding', 'upgrade']);
const nameForm = /^:?[!#$%&'*+\-.^_`|~0-9a-z]+$/;
// oxlint-disable-next-line no-control-regex
const badValue = /[\0\r\n]|^[ \t]|[ \t]$/;

export function requestHeaders(fields: readonly Field[]): RequestHeaders {
  // Without a prototype: a name is whatever a client says.
  const headers: Record<string, string> = Object.create(null) as Record<string, string>;
  let regular = false;
  for (const [name, value] of fields) {
    checkField(name, value);
    const isPseudo = name.startsWith(':');
    if (isPseudo && (regular || !pseudo.has(name) || name in headers)) {
      throw malformed(`${name} is unknown, there twice or too late`);
    }
    regular ||= !isPseudo;
    const before = headers[name];
    headers[name] = before === undefined ? value : `${before}${name === 'cookie' ? '; ' : ', '}${value}`;
  }
  for (const name of [':method', ':scheme', ':path']) if (!headers[name]) throw malformed(`${name} is missing`);
  return headers;
}

/** Trailers of a request are of no use to anybody here; but they must be trailers. */
export function checkTrailers(fields: readonly Field[], endStream: boolean): void {
  if (!endStream) throw malformed('trailers that do not end the stream');
  for (const [name, value] of fields) {
    if (name.startsWith(':')) throw malformed(`${name} in trailers`);
    checkField(name, value);
  }
}

/** The length that a request announces; undefined when it does not. */
export function contentLengthOf(headers: RequestHeaders): number | undefined {
  const text = headers['content-length'];
  if (text === undefined) return undefined;
  if (!/^\d{1,15}$/.test(text)) throw malformed('content-length is no number');
  return Number(text);
}

function checkField(name: string, value: string): void {
  if (!nameForm.test(name)) throw malformed('a name is not one');
  if (badValue.test(value)) throw malformed(`the value of ${name} is not one`);
  if (ofConnection.has(name) || (name === 'te' && value !== 'trailers')) {
    throw malformed(`${name} belongs to a connection of HTTP/1.1`);
  }
}

export function malformed(reason: string): StreamError {
  return new StreamError(ErrorCode.protocol, reason);
}
