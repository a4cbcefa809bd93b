/** A port to which nobody can connect, and that refuses nobody: its queue is full, and nothing takes from it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { type Socket, connect } from 'node:net';
import { type TestNode, nodeAt } from './http.ts';

interface FullListener extends AsyncDisposable {
  readonly node: TestNode;
}

const program = `require('node:net').createServer().listen({ port: 0, host: '127.0.0.1', backlog: 1 }, function () {
  process.stdout.write(String(this.address().port));
});`;

/** A connection on loopback stands within a fraction of that, where there is room for it. Milliseconds. */
const roomMs = 1_000;

export async function startFullListener(): Promise<FullListener> {
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [printed] = (await once(child.stdout, 'data')) as [Buffer];
  const port = Number(printed.toString());
  // From here on the kernel takes connections for it until its queue is full.
  child.kill('SIGSTOP');
  const waiting: Socket[] = [];
  while (await hasRoom(port, waiting));
  return {
    node: nodeAt(port),
    async [Symbol.asyncDispose]() {
      for (const socket of waiting) socket.destroy();
      child.kill('SIGKILL');
      await once(child, 'exit');
    },
  };
}

async function hasRoom(port: number, waiting: Socket[]): Promise<boolean> {
  const socket = connect(port, '127.0.0.1').on('error', () => undefined);
  waiting.push(socket);
  return once(socket, 'connect', { signal: AbortSignal.timeout(roomMs) }).then(
    () => true,
    () => false,
  );
}
