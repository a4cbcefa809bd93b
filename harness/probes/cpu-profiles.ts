/** Takes a CPU profile of every worker while the fault holds. */
import { milliseconds } from '../../scenarios/duration.ts';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Gateway } from '../model/ports.ts';
import type { TrialLog } from '../model/trial-log.ts';
import type { Workers } from './workers.ts';

/** Longer ones say nothing new, and are large. Seconds. */
const longest = 8;
/** To start it and to hand it over: the rest of the fault phase. Seconds. */
const around = 1;

/** All workers at once, each for the same time. One that gives none, because the fault ends it, is left out. */
export async function takeProfiles(
  { gateway, workers }: { readonly gateway: Gateway; readonly workers: Workers },
  { phases }: Scenario,
  log: Pick<TrialLog, 'recorder' | 'saveProfile'>,
  signal: AbortSignal,
): Promise<void> {
  const whole = Math.floor(milliseconds(phases.fault) / 1_000);
  const seconds = Math.max(1, Math.min(longest, whole - around));
  await Promise.all(
    workers.all.map(async ({ name, beside }) => {
      if (beside === true) return;
      try {
        const profile = await gateway.profile?.(name, seconds, signal);
        if (profile !== undefined) log.saveProfile(name, profile);
      } catch (error) {
        if (signal.aborted) throw error;
        log.recorder.record({ kind: 'guard', guard: 'profile', detail: (error as Error).message });
      }
    }),
  );
}
