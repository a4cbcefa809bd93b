import { expect, test } from 'vitest';
import { Gate } from '../../../harness/model/gate.ts';

test('one who runs alone waits for those that passed, and those that come meanwhile wait for him', async () => {
  const gate = new Gate();
  const order: string[] = [];
  const first = Promise.withResolvers<void>();
  const passing = gate.pass(async () => {
    await first.promise;
    order.push('passed before');
  });
  const alone = gate.alone(async () => {
    order.push('alone begins');
    await Promise.resolve();
    order.push('alone ends');
  });
  const later = ['one', 'two'].map((name) => gate.pass(async () => void order.push(`passed after: ${name}`)));
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual([]);
  first.resolve();
  await Promise.all([passing, alone, ...later]);
  expect(order).toEqual(['passed before', 'alone begins', 'alone ends', 'passed after: one', 'passed after: two']);
});

test('two who run alone do so one after the other, and a failure of any lets the next one in', async () => {
  const gate = new Gate();
  let running = 0;
  const alone = async (): Promise<void> => {
    expect(++running).toBe(1);
    await new Promise((resolve) => setImmediate(resolve));
    running--;
    throw new Error('failed');
  };
  const failing = gate.pass(() => Promise.reject(new Error('a change failed')));
  const outcomes = await Promise.allSettled([failing, gate.alone(alone), gate.alone(alone)]);
  expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(await gate.pass(async () => 'in')).toBe('in');
});
