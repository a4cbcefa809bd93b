/**
 * What the fault did to a trial: a metric over the fault phase against the same metric over the trial's own baseline.
 * A build that is always slower shows in the metric itself; one that suffers more from this fault shows here.
 */
import type { PhaseLatency } from '../../model/evidence.ts';
import { errorShare, errorsOver } from './error-share.ts';
import { phasesOf } from './fault-window.ts';
import { latencyP50, latencyP99, quantileOver } from './latency.ts';
import { exactly, type Measured, type MetricDefinition } from './metric.ts';

type Over = (phases: readonly PhaseLatency[]) => Measured;

/** y = y(fault) − y(baseline); the noise of both. */
function faultEffect({ noun, trialSd, constants }: MetricDefinition, over: Over): MetricDefinition {
  return {
    noun: `what the fault does to the ${noun}`,
    unit: 'times',
    trialSd: trialSd * Math.SQRT2,
    constants,
    record: 'latency.json',
    measure(trial) {
      const [baseline, fault] = [over(phasesOf(trial, 'baseline')), over(phasesOf(trial, 'fault'))];
      if (baseline.state === 'missing') return { ...baseline, why: `baseline: ${baseline.why}` };
      if (fault.state === 'missing') return { ...fault, why: `fault: ${fault.why}` };
      const y = fault.y - baseline.y;
      return exactly(y, Math.exp(y));
    },
  };
}

export const p50FaultEffect: MetricDefinition = faultEffect(latencyP50, (phases) => quantileOver(phases, 0.5));
export const p99FaultEffect: MetricDefinition = faultEffect(latencyP99, (phases) => quantileOver(phases, 0.99));
export const errorFaultEffect: MetricDefinition = faultEffect(errorShare, errorsOver);
