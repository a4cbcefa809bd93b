/**
 * Random schedules of everything that may happen between etcd, watch proxies and their clients, each client checked
 * against etcd's promises. `SCHEDULES`: how many (200). `SEED`: of the first (1). `FAMILY`: of one kind only.
 */
import { drawSchedules, replayOf, runSchedules } from '../test/watch-schedules/run-schedules.ts';
import { isFamily } from '../test/watch-schedules/schedule.ts';

const { SCHEDULES: count = '200', SEED: seed = '1', FAMILY: family = '', LANES: lanes = '2' } = process.env;
const total = { schedules: 0, events: 0, relists: 0, violations: 0 };
const started = performance.now();

await runSchedules({
  schedules: drawSchedules(Number(seed), Number(count), isFamily(family) ? family : undefined),
  lanes: Number(lanes),
  done({ schedule, events, relists, violations }) {
    total.schedules++;
    total.events += events;
    total.relists += relists;
    total.violations += violations.length;
    if (total.schedules % 50 === 0) process.stdout.write(`${total.schedules} of ${count} schedules\n`);
    if (violations.length === 0) return;
    process.stdout.write(`schedule ${schedule.seed} (${schedule.family}): ${replayOf(schedule)}\n`);
    for (const { promised, what } of violations.slice(0, 5)) process.stdout.write(`  not ${promised}: ${what}\n`);
  },
});

const seconds = Math.round((performance.now() - started) / 1_000);
process.stdout.write(
  `${total.schedules} schedules, ${total.events} events checked, ${total.relists} lists anew, ` +
    `${total.violations} violations, ${seconds} s\n`,
);
process.exitCode = total.violations === 0 && total.schedules === Number(count) ? 0 : 1;
