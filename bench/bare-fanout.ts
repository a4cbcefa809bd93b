/**
 * The least that fans out: one watch at etcd over JSON, whose bytes go as they come to everybody who is connected. No
 * protocol, no history, no slow clients: what the watch proxy costs above this is its own, the rest is Node's and the kernel's.
 * With `past-stream` as last argument the bytes go straight to the system wherever nothing waits in Node's stream: what that
 * costs above the system call is the difference.
 */
import { writeSync } from 'node:fs';
import { type Socket, createServer } from 'node:net';
import { openJsonWatch } from './fanout/json-watch.ts';
import { prefix } from './fanout/marks.ts';

interface Client {
  readonly socket: Socket;
  /** Its own as long as the socket is open: then the number may be another's. */
  readonly descriptor: number;
}

const [listenPort, etcd = '', how] = process.argv.slice(2);
const clients: Client[] = [];
/** The head of the answer and its `created`, with which every client's own begins. */
let hello: Buffer = Buffer.alloc(0);
let isCreated = false;
let isFollowing = false;

const server = createServer({ noDelay: true }, (socket) => {
  socket.once('data', () => {
    socket.write(hello);
    clients.push({ socket, descriptor: descriptorOf(socket) });
  });
  socket.on('error', () => undefined);
});

/** Node has no name for it that may be used. */
function descriptorOf(socket: Socket): number {
  const handle = Reflect.get(socket, '_handle') as { readonly fd: number } | null;
  return handle?.fd ?? -1;
}

function throughStream({ socket }: Client, bytes: Buffer): void {
  socket.write(bytes);
}

function pastStream({ socket, descriptor }: Client, bytes: Buffer): void {
  if (descriptor < 0 || socket.destroyed || socket.writableLength > 0) return void socket.write(bytes);
  let written = 0;
  try {
    written = writeSync(descriptor, bytes);
  } catch {
    // The system takes nothing now, or the client is gone: the stream waits, or tells of it.
  }
  if (written < bytes.length) socket.write(bytes.subarray(written));
}

const write = how === 'past-stream' ? pastStream : throughStream;

openJsonWatch(new URL(etcd), prefix, {
  created: () => (isCreated = true),
  data(piece) {
    // The next read fills the same memory.
    const bytes = Buffer.from(piece);
    if (isFollowing) {
      for (const client of clients) write(client, bytes);
      return;
    }
    hello = Buffer.concat([hello, bytes]);
    isFollowing = isCreated;
    if (isFollowing) server.listen(Number(listenPort), '127.0.0.1');
  },
  lost: (why) => {
    process.stderr.write(`${why}\n`);
    process.exit(1);
  },
});
