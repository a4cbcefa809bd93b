/**
 * A port of loopback for a program to listen at. It lies below the range from which the kernel gives ports to outgoing
 * connections: one of those, such as the thousands of a load, would else take it between the look and the program's start.
 */
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { HarnessError } from '../model/errors.ts';

const lowest = 15_000;
const attempts = 100;

/** Of this process: who asks for two does not get the same one twice. */
const handedOut = new Set<number>();

/** Rejects with PORT_TAKEN when a hundred that were tried are all in use. */
export async function freePort(): Promise<number> {
  const { to: highest } = portRange();
  for (let attempt = 0; attempt < attempts; attempt++) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest));
    if (handedOut.has(port) || !(await isFree(port))) continue;
    handedOut.add(port);
    // All are handed out in time; the oldest has long been taken, or given up.
    if (handedOut.size > (highest - lowest) / 2) handedOut.delete(handedOut.values().next().value ?? 0);
    return port;
  }
  throw new HarnessError('PORT_TAKEN', `none of ${attempts} ports from ${lowest} to ${highest} is free on 127.0.0.1`, {
    hint: 'see what listens there: ss -ltn',
  });
}

let known: number | undefined;

/** `to`: where the range of outgoing connections begins; as Linux has it by default where it cannot be read. */
export function portRange(): { readonly from: number; readonly to: number } {
  known ??= Math.max(lowest + 1_000, readRange());
  return { from: lowest, to: known };
}

function readRange(): number {
  try {
    return Number(/^\d+/.exec(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'))?.[0] ?? 32_768);
  } catch {
    return 32_768;
  }
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  const listening = new Promise<boolean>((resolve) => {
    server.once('listening', () => resolve(true)).once('error', () => resolve(false));
  });
  server.listen(port, '127.0.0.1');
  if (!(await listening)) return false;
  await new Promise((resolve) => server.close(resolve));
  return true;
}
