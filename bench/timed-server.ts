/**
 * A server whose answers come a known time after the request, to the microsecond: it spins instead of trusting timers,
 * which are a millisecond late. With a delay of 0 it answers at once. Arguments: port, body, delay in milliseconds.
 */
import { type Socket, createServer } from 'node:net';

const [port, body = '', delay] = process.argv.slice(2);
const delayMs = Number(delay);
const answer = Buffer.from(`HTTP/1.1 200 OK\r\nContent-Length: ${body.length}\r\n\r\n${body}`);

/** Answers owed, in the order in which they are due: the delay is the same for all. */
const owed: { readonly socket: Socket; readonly dueAt: number }[] = [];

function spin(): void {
  while (owed[0] !== undefined && owed[0].dueAt <= performance.now()) owed.shift()?.socket.write(answer);
  if (owed.length > 0) setImmediate(spin);
}

function owe(socket: Socket): void {
  if (owed.push({ socket, dueAt: performance.now() + delayMs }) === 1) setImmediate(spin);
}

const server = createServer({ noDelay: true }, (socket) => {
  // The load engine sends a request in one write and the next only after the answer: one piece is one request.
  socket.on('data', () => (delayMs === 0 ? socket.write(answer) : owe(socket))).on('error', () => socket.destroy());
});
server.listen(Number(port), '127.0.0.1');
