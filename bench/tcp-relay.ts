/** A plain TCP relay, which looks at nothing. Arguments: port, port of the server behind it. */
import { connect, createServer } from 'node:net';

const [port, behind] = process.argv.slice(2).map(Number);

createServer({ noDelay: true }, (client) => {
  const server = connect({ port: behind ?? 0, host: '127.0.0.1', noDelay: true });
  client.pipe(server).pipe(client);
  client.on('error', () => server.destroy());
  server.on('error', () => client.destroy());
}).listen(port, '127.0.0.1');
