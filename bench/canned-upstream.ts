/** Answers 1 KB to every request without looking at it: the upstream where nginx is not installed. */
import { createServer } from 'node:net';

const body = 'x'.repeat(1_024);
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
);

const server = createServer({ noDelay: true }, (socket) => {
  // Forwarders send a request in one write and the next only after the answer: one piece is one request.
  socket.on('data', () => socket.write(answer)).on('error', () => socket.destroy());
});
server.listen(Number(process.argv[2]), '127.0.0.1');
