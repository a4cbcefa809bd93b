import { expect, test } from 'vitest';
import { PortPool } from '../../../harness/runtimes/docker/port-pool.ts';
import { processesOf } from '../../../harness/runtimes/docker/top.ts';

test('the table of docker top tells the first process, its children, and who stands still', () => {
  const table = `PID                 PPID                STAT
4242                4200                Ssl
4300                4242                Tl
4301                4242                Z
4310                4300                S
`;
  expect(processesOf(table)).toEqual({ leader: 4242, children: [4300], group: [4242, 4300, 4310], stopped: [4300] });
  expect(processesOf('PID PPID STAT\n')).toEqual({ leader: undefined, children: [], group: [], stopped: [] });
});

test('a pool publishes what was asked for and some more, gives those out, and says when there is none left', async () => {
  const pool = new PortPool();
  const early = [await pool.take(), await pool.take('udp'), await pool.take()];
  expect(new Set(early).size).toBe(3);
  const published = await pool.publish();
  expect(published.slice(0, 3).map(({ port }) => port)).toEqual(early);
  expect(published.map(({ protocol }) => protocol).filter((protocol) => protocol === 'udp')).toHaveLength(1);
  const spare = published.slice(3).map(({ port }) => port);
  for (const port of spare) expect(await pool.take()).toBe(port);
  await expect(pool.take()).rejects.toMatchObject({ code: 'PORTS_USED_UP' });
  await expect(pool.take('udp')).rejects.toMatchObject({ code: 'PORTS_USED_UP' });
});

test('a pool that was told how much comes later publishes just that', async () => {
  const pool = new PortPool(2);
  await pool.take();
  expect(await pool.publish()).toHaveLength(3);
  await pool.take();
  await pool.take();
  await expect(pool.take()).rejects.toThrow('wants more than 2 tcp ports after its start');
});
