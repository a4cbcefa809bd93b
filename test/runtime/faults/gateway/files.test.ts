/** The gateway may open nothing more: seen by a client that comes anew, and by what the kernel says that each process may. */
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { askAnew } from '../../../support/kept-connection.ts';
import { play, startWholeWorld } from '../../../support/whole-world.ts';
import { onPath } from '../../../../harness/tools/found-tool.ts';

const within = { timeout: 60_000, interval: 20 };

/** As the kernel tells it, of each. */
function limitsOf(pids: readonly number[]): readonly number[] {
  return pids.map((pid) =>
    Number(/^Max open files\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/limits`, 'utf8'))?.[1] ?? 0),
  );
}

test.skipIf(onPath('prlimit') === undefined)(
  'nobody who comes anew is answered, and all are after the heal; every process may open what it might before',
  async () => {
    await using whole = await startWholeWorld();
    const { world } = whole;
    const pids = world.processes('gateway').group;
    const before = limitsOf(pids);
    expect(await askAnew(world.gateway.traffic)).toBe('answers');
    const played = await play({ kind: 'gateway.files' }, world);
    expect(played.proof).toMatch(/^[123] processes of the gateway can open no more files; an own request was /);
    expect(Math.max(...limitsOf(pids))).toBeLessThan(Math.min(...before));
    // A connection that somebody gives up may make room for one.
    await expect.poll(() => askAnew(world.gateway.traffic), within).not.toBe('answers');
    expect(await played.heal()).toBe('the gateway may open files again');
    expect(limitsOf(pids)).toEqual(before);
    await expect.poll(() => askAnew(world.gateway.traffic), within).toBe('answers');
    expect(world.processes('gateway').group).toEqual(pids);
  },
);
