/**
 * Random schedules of everything that may happen between etcd, watch proxies and their clients, each client checked against
 * etcd's promises.
 */
import { drawSchedules, replayOf, runSchedules } from '../../test/watch-schedules/run-schedules.ts';
import { isFamily } from '../../test/watch-schedules/schedule.ts';
import { type SoakRow, timed } from './row.ts';
import type { SoakSettings } from './settings.ts';

/** Of the promises that one schedule saw broken. */
const mostTold = 5;
const lifeEvery = 50;

export async function watchProxy(settings: SoakSettings): Promise<readonly SoakRow[]> {
  return [await timed(() => run(settings))];
}

async function run({ schedules, seed, family, lanes, tell }: SoakSettings): Promise<Omit<SoakRow, 'seconds'>> {
  if (family !== undefined && !isFamily(family)) throw new Error(`there is no FAMILY "${family}"`);
  const total = { tried: 0, good: 0, events: 0, relists: 0, violations: 0 };
  await runSchedules({
    schedules: drawSchedules(seed, schedules, family),
    lanes,
    done({ schedule, events, relists, violations }) {
      total.tried++;
      total.events += events;
      total.relists += relists;
      total.violations += violations.length;
      if (violations.length === 0) total.good++;
      if (total.tried % lifeEvery === 0) tell(`${total.tried} of ${schedules} schedules`);
      if (violations.length === 0) return;
      tell(`schedule ${schedule.seed} (${schedule.family}): ${replayOf(schedule)}`);
      for (const { promised, what } of violations.slice(0, mostTold)) tell(`  not ${promised}: ${what}`);
    },
  });
  const { tried, good, events, relists, violations } = total;
  return {
    what: "random schedules of the watch proxy: etcd's promises kept to every client",
    wanted: schedules,
    tried,
    good,
    seen: `${events} events checked, ${relists} lists anew, ${violations} violations`,
  };
}
