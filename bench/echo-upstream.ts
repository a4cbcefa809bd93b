/** Answers each GET with its path, in a process of its own: what the benchmark itself does meanwhile must not slow it down. */
import { createServer } from 'node:net';

const method = 'GET '.length;

const server = createServer({ noDelay: true }, (socket) => {
  // Forwarders send a request in one write and the next only after the answer: one piece is one request.
  socket.on('data', (piece) => {
    const target = piece.toString('latin1', method, piece.indexOf(' ', method));
    socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${target.length}\r\n\r\n${target}`, 'latin1');
  });
  socket.on('error', () => socket.destroy());
});
server.listen(Number(process.argv[2]), '127.0.0.1');
