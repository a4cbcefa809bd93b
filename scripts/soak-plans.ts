/** Generated scenarios: each is planned, or refused with the place of what is wrong. `SCHEDULES`: how many (1000). `SEED`: of them. */
import { planEach } from '../test/generated-scenarios/plan-each.ts';

const { SCHEDULES: count = '1000', SEED: seed = '1' } = process.env;
const { planned, refused, kinds, wrong } = await planEach({ count: Number(count), seed: Number(seed) });
for (const line of wrong.slice(0, 20)) process.stdout.write(`${line}\n`);
process.stdout.write(
  `${planned + refused} scenarios: ${planned} planned, ${refused} refused, ${wrong.length} neither; ${kinds.length} kinds of fault\n`,
);
process.exitCode = wrong.length === 0 ? 0 : 1;
