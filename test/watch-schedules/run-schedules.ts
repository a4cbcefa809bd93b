/** Many schedules, a few at a time, in worlds that are used again and again. */
import { type Family, type Schedule, drawSchedule } from './schedule.ts';
import { type Outcome, runSchedule } from './run-schedule.ts';
import { World } from './world.ts';

export interface RunOptions {
  readonly schedules: readonly Schedule[];
  /** Schedules under way at the same time, each in a world of its own. */
  readonly lanes: number;
  readonly done: (outcome: Outcome) => void;
}

/** Ends when all have run; a world in which a promise was broken is thrown away. */
export async function runSchedules({ schedules, lanes, done }: RunOptions): Promise<void> {
  const left = schedules.toSorted((a, b) => Number(a.family === 'cluster') - Number(b.family === 'cluster'));
  const lane = async (): Promise<void> => {
    let world: { readonly cluster: boolean; readonly world: World } | undefined;
    try {
      for (let next = left.shift(); next !== undefined; next = left.shift()) {
        const cluster: boolean = next.family === 'cluster';
        if (world?.cluster !== cluster) {
          await world?.world[Symbol.asyncDispose]();
          world = { cluster, world: await World.start(cluster) };
        }
        const outcome = await runSchedule(world.world, next).catch((error: unknown) => notRun(next, error));
        done(outcome);
        if (outcome.violations.length === 0) continue;
        await world.world[Symbol.asyncDispose]();
        world = undefined;
      }
    } finally {
      await world?.world[Symbol.asyncDispose]();
    }
  };
  await Promise.all(Array.from({ length: lanes }, lane));
}

/** No proof of anything: it counts as one that broke a promise, and the others go on. */
function notRun(schedule: Schedule, error: unknown): Outcome {
  const what = `the schedule could not be run to its end: ${error instanceof Error ? error.message : String(error)}`;
  return { schedule, events: 0, relists: 0, violations: [{ promised: 'reliable', what }] };
}

export function drawSchedules(first: number, count: number, family?: Family): readonly Schedule[] {
  return Array.from({ length: count }, (_each, n) => drawSchedule(first + n, family));
}

/** How the failure is seen again, in a world of its own. */
export function replayOf({ seed, family }: Schedule): string {
  return `make soak SOAK=watch-proxy SCHEDULES=1 SEED=${seed} FAMILY=${family}`;
}
