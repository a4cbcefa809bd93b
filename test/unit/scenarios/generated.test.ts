/** Generated scenarios: planned, or refused with the place of what is wrong. Many more by `make soak SOAK=plans`. */
import { expect, test } from 'vitest';
import { injectors } from '../../../harness/faults/index.ts';
import { planEach } from '../../generated-scenarios/plan-each.ts';

test('1000 generated scenarios: each is planned without residue, or refused with file, line and column', async () => {
  const { planned, refused, kinds, wrong } = await planEach({ count: 1_000, seed: 4 });
  process.stdout.write(
    `${planned + refused} scenarios: ${planned} planned, ${refused} refused; ${kinds.length} kinds of fault\n`,
  );
  expect(wrong).toEqual([]);
  expect(planned + refused).toBe(1_000);
  // Neither half is there by accident only.
  expect(Math.min(planned, refused)).toBeGreaterThan(200);
  expect(kinds).toEqual(Object.keys(injectors).toSorted());
  // Most of a minute of computing, and many on a host that is busy.
}, 960_000);
