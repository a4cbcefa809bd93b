/** The exit code of a night. */
import { gravest } from '../../judge/gravest.ts';
import { exitCode, exitCodeOf } from '../../model/exit-codes.ts';
import type { NightOutcome } from '../../model/night.ts';

/**
 * A regression is proven and comes first, be it tonight's or a drift over the nights; then that the harness broke, that
 * something was not tried or decided, and that the lab itself has drifted: what it says of builds is then in doubt.
 */
export function nightExitCode({ pairs, alarms, troubles }: NightOutcome): number {
  const decisions = pairs.map(({ decision }) => decision ?? 'inconclusive');
  const drifts = alarms.filter(({ state }) => state !== 'went-away').map(({ drift }) => drift);
  if (decisions.includes('regression') || drifts.includes('version')) return exitCode.regression;
  if (troubles.length > 0) return exitCode.broken;
  const decided = exitCodeOf(gravest(decisions));
  return decided !== exitCode.undecided && drifts.includes('environment') ? exitCode.undecided : decided;
}
