/**
 * The least that fans out: one watch at etcd over JSON, whose bytes go as they come to everybody who is connected. No
 * protocol, no history, no slow clients: what the watch proxy costs above this is its own, the rest is Node's and the kernel's.
 */
import { type Socket, createServer } from 'node:net';
import { openJsonWatch } from './fanout/json-watch.ts';
import { prefix } from './fanout/marks.ts';

const [listenPort, etcd = ''] = process.argv.slice(2);
const clients: Socket[] = [];
/** The head of the answer and its `created`, with which every client's own begins. */
let hello: Buffer = Buffer.alloc(0);
let isCreated = false;
let isFollowing = false;

const server = createServer({ noDelay: true }, (socket) => {
  socket.once('data', () => {
    socket.write(hello);
    clients.push(socket);
  });
  socket.on('error', () => undefined);
});

openJsonWatch(new URL(etcd), prefix, {
  created: () => (isCreated = true),
  data(piece) {
    // The next read fills the same memory.
    const bytes = Buffer.from(piece);
    if (isFollowing) {
      for (const client of clients) client.write(bytes);
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
