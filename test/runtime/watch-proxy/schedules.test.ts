/** Random schedules of everything that may happen, checked against etcd's promises. `make soak` runs more of them. */
import { expect, test } from 'vitest';
import { drawSchedules, replayOf, runSchedules } from '../../watch-schedules/run-schedules.ts';
import { drawSchedule } from '../../watch-schedules/schedule.ts';

const count = 200;

test('two hundred random schedules break none of the promises of a watch', { timeout: 600_000 }, async () => {
  const broken: string[] = [];
  const total = { schedules: 0, events: 0, relists: 0 };
  await runSchedules({
    schedules: drawSchedules(1, count),
    lanes: 2,
    done({ schedule, events, relists, violations }) {
      total.schedules++;
      total.events += events;
      total.relists += relists;
      for (const { promised, what } of violations) broken.push(`${replayOf(schedule)}\nnot ${promised}: ${what}`);
    },
  });
  process.stdout.write(`${total.schedules} schedules, ${total.events} events checked, ${total.relists} lists anew\n`);
  expect(broken.join('\n')).toBe('');
  expect(total.schedules).toBe(count);
  // Schedules in which nothing is seen would prove nothing.
  expect(total.events).toBeGreaterThan(100 * count);
});

test('a seed is always the same schedule, and two hundred of them have every step and every kind of client', () => {
  const schedules = drawSchedules(1, count);
  for (const schedule of schedules) expect(drawSchedule(schedule.seed)).toEqual(schedule);
  const kinds = new Set(schedules.flatMap(({ steps }) => steps.map(({ kind }) => kind)));
  const every =
    'accept ask-progress black-hole come-back compact cut cut-in-catch-up hold join kill-leader leave lose-quorum move ' +
    'move-leader other-cluster pause pause-etcd read refuse release restart-etcd restart-proxy restore restore-unseen ' +
    'resume save wipe write';
  expect(kinds).toEqual(new Set(every.split(' ')));
  const clients = schedules.flatMap(({ clients }) => clients);
  const of = (what: (client: (typeof clients)[number]) => unknown): number => new Set(clients.map(what)).size;
  expect([of((c) => c.protocol), of((c) => c.prevKv), of((c) => c.fragment), of((c) => c.progressNotify)]).toEqual([
    2, 2, 2, 2,
  ]);
});
