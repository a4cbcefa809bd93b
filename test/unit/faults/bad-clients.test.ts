/** What bad clients do by the clock, on a harness that does not get to its timers. */
import { expect, test } from 'vitest';
import { BadClients } from '../../../harness/faults/client/bad-clients.ts';

/** Of all that the harness does. Milliseconds. */
function standStill(ms: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
}

test('turns that a harness has missed are made up for', async () => {
  using clients = new BadClients(new URL('http://127.0.0.1:9'));
  let turns = 0;
  const atOnce = new Promise<number>((resolve) => {
    clients.every(10, () => {
      turns++;
      setImmediate(() => resolve(turns));
    });
  });
  standStill(200);
  expect(await atOnce).toBeGreaterThanOrEqual(19);
});
