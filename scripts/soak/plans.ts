/** Generated scenarios: each is planned, or refused with the place of what is wrong. */
import { planEach } from '../../test/generated-scenarios/plan-each.ts';
import { type SoakRow, timed } from './row.ts';
import type { SoakSettings } from './settings.ts';

const mostTold = 20;

export async function plans({ schedules: count, seed, tell }: SoakSettings): Promise<readonly SoakRow[]> {
  const row = await timed(async () => {
    const { planned, refused, kinds, wrong } = await planEach({ count, seed });
    for (const line of wrong.slice(0, mostTold)) tell(line);
    const tried = planned + refused;
    return {
      what: 'generated scenarios: planned without residue, or refused with file, line and column',
      wanted: count,
      tried,
      good: Math.max(0, tried - wrong.length),
      seen: `${planned} planned, ${refused} refused; ${kinds.length} kinds of fault`,
    };
  });
  return [row];
}
