/** The part of a trial that is compared: from the injection to the end of the settling. */
import type { PhaseLatency, TrialEvidence } from '../../model/evidence.ts';

export function faultAndSettle(trial: TrialEvidence): readonly PhaseLatency[] {
  return trial.latency.filter(({ phase }) => phase === 'fault' || phase === 'settle');
}
