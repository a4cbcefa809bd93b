/** The DNS server that knows the upstream by its name: A records over UDP (RFC 1035), for a second each. */
import { createSocket } from 'node:dgram';
import { once } from 'node:events';

const ttlSeconds = 1;
const addressRecord = 1;
/** A recursive answer; with the second, one that there is no such name. */
const flags = { found: 0x8180, unknown: 0x8183 } as const;

/** `tell`: the address to answer with now; undefined when there is to be no such name. Takes questions when it resolves. */
export async function serveNames(address: URL, tell: () => string | undefined): Promise<void> {
  const socket = createSocket('udp4');
  socket.on('message', (query, from) => {
    const { type, end } = questionOf(query);
    const told = type === addressRecord ? tell() : undefined;
    const unknown = type === addressRecord && told === undefined;
    const head = Buffer.alloc(12);
    query.copy(head, 0, 0, 2);
    head.writeUInt16BE(unknown ? flags.unknown : flags.found, 2);
    head.writeUInt16BE(1, 4);
    head.writeUInt16BE(told === undefined ? 0 : 1, 6);
    const answers = told === undefined ? [] : [recordOf(told)];
    socket.send(Buffer.concat([head, query.subarray(12, end), ...answers]), from.port, from.address);
  });
  socket.bind(Number(address.port), address.hostname);
  await once(socket, 'listening');
}

/** Type and end of the one question that resolvers ask. */
function questionOf(query: Buffer): { readonly type: number; readonly end: number } {
  let at = 12;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) at += 1 + length;
  return { type: query.readUInt16BE(at + 1), end: at + 5 };
}

/** Of the name in the question. */
function recordOf(address: string): Buffer {
  const record = Buffer.from([0xc0, 12, 0, addressRecord, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
  record.writeUInt32BE(ttlSeconds, 6);
  return record;
}
