/** A DNS server for tests: answers for A records (type 1, RFC 1035) with what the test has set, over UDP on loopback. */
import { createSocket } from 'node:dgram';

export interface DnsServer extends AsyncDisposable {
  /** `address:port`. */
  readonly address: string;
  /** Questions for A records, by name, in order. */
  readonly asked: string[];
  /** A name that is not here does not exist. */
  readonly records: Map<string, readonly string[]>;
  /** Seconds. */
  ttl: number;
  /** How long it takes to answer. Milliseconds. */
  delayMs: number;
  /** It takes questions and gives no answer. */
  silent: boolean;
}

export async function startDns(ttl: number): Promise<DnsServer> {
  const socket = createSocket('udp4').bind(0, '127.0.0.1');
  await new Promise<void>((resolve) => socket.once('listening', resolve));
  const server: DnsServer = {
    address: `127.0.0.1:${socket.address().port}`,
    asked: [],
    records: new Map(),
    ttl,
    delayMs: 0,
    silent: false,
    [Symbol.asyncDispose]: () => new Promise((resolve) => socket.close(() => resolve())),
  };
  socket.on('message', (query, from) => {
    const { name, type, end } = questionOf(query);
    if (type === 1) server.asked.push(name);
    if (server.silent) return;
    const known = server.records.get(name);
    const addresses = type === 1 ? (known ?? []) : [];
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    // A recursive answer, or 3: no such name; to one question.
    head.writeUInt16BE(0x8180 | (known === undefined ? 3 : 0), 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(addresses.length, 6);
    const answers = addresses.map((each) => answerOf(each, server.ttl));
    const answer = Buffer.concat([head, query.subarray(12, end), ...answers]);
    if (server.delayMs === 0) socket.send(answer, from.port);
    else setTimeout(() => socket.send(answer, from.port), server.delayMs);
  });
  return server;
}

function questionOf(query: Buffer): { readonly name: string; readonly type: number; readonly end: number } {
  const labels: string[] = [];
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 };
}

function answerOf(address: string, ttl: number): Buffer {
  const record = Buffer.from([0xc0, 12, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  record.writeUInt32BE(ttl, 6);
  return record;
}
