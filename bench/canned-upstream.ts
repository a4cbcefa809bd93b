/**
 * Answers 1 KB to every request, and reads no more of its head than the length of a body: the upstream where nginx is not
 * installed.
 */
import { createServer } from 'node:net';

const body = 'x'.repeat(1_024);
const answer = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: ${body.length}\r\n\r\n${body}`,
);
const firstOfPost = 'P'.charCodeAt(0);

/** Bytes that are still to come of a request that begins with this piece. */
function missingAfter(piece: Buffer): number {
  if (piece[0] !== firstOfPost) return 0;
  const headEnd = piece.indexOf('\r\n\r\n');
  const length = /\r\ncontent-length: *(\d+)/i.exec(piece.toString('latin1', 0, headEnd))?.[1];
  return Number(length ?? 0) - (piece.length - headEnd - 4);
}

const server = createServer({ noDelay: true }, (socket) => {
  let missing = 0;
  // Forwarders send the head of a request in one write, and the next request only after the answer.
  socket.on('data', (piece) => {
    missing = missing > 0 ? missing - piece.length : missingAfter(piece);
    if (missing <= 0) socket.write(answer);
  });
  socket.on('error', () => socket.destroy());
});
server.listen(Number(process.argv[2]), '127.0.0.1');
