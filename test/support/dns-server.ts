/** A DNS server for tests: A records that can be changed, or no answer at all. */
import { type Socket, createSocket } from 'node:dgram';
import { once } from 'node:events';

export interface DnsServer extends AsyncDisposable {
  /** `host:port`. */
  readonly address: string;
  /** Questions for A records so far. */
  readonly questions: number;
  /** What every name resolves to from now on; undefined: no answer. Seconds. */
  answer(addresses: readonly string[] | undefined, ttl: number): void;
}

export async function startDns(): Promise<DnsServer> {
  const socket: Socket = createSocket('udp4');
  let current: { readonly addresses: readonly string[] | undefined; readonly ttl: number } = { addresses: [], ttl: 1 };
  let questions = 0;
  socket.on('message', (query, { port, address }) => {
    const isA = query.readUInt16BE(nameEnd(query)) === 1;
    if (isA) questions++;
    const { addresses, ttl } = current;
    if (addresses === undefined) return;
    socket.send(reply(query, isA ? addresses : [], ttl), port, address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    get questions() {
      return questions;
    },
    answer: (addresses, ttl) => (current = { addresses, ttl }),
    async [Symbol.asyncDispose]() {
      socket.close();
      await once(socket, 'close');
    },
  };
}

/** Where the name of the only question ends (RFC 1035 §4.1.2). */
function nameEnd(query: Buffer): number {
  let at = 12;
  while (query.readUInt8(at) > 0) at += query.readUInt8(at) + 1;
  return at + 1;
}

function reply(query: Buffer, addresses: readonly string[], ttl: number): Buffer {
  const question = query.subarray(12, nameEnd(query) + 4);
  const head = Buffer.alloc(12);
  query.copy(head, 0, 0, 2);
  head.writeUInt16BE(0x81_80, 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(addresses.length, 6);
  const records = addresses.map((address) => {
    const record = Buffer.from([0xc0, 0x0c, 0, 1, 0, 1, 0, 0, 0, 0, 0, 4, ...address.split('.').map(Number)]);
    record.writeUInt32BE(ttl, 6);
    return record;
  });
  return Buffer.concat([head, question, ...records]);
}
