/**
 * What is played in the place of a fault where the host, or a gateway, lacks what it needs: another one that does the same.
 * It is recorded and proven as the fault that it is; the plan, which knows nothing of hosts, keeps what was asked.
 */
import { scenarioMistakes } from '../../scenarios/check.ts';
import type { Fault, Scenario } from '../../scenarios/scenario.ts';
import { injectorOf } from './index.ts';
import { type Stage, lackFor } from './lacks.ts';

export interface StandIn {
  /** Of the timeline, from 0. */
  readonly step: number;
  readonly fault: Fault;
  readonly by: Fault;
  /** Who cannot do the fault itself. */
  readonly because: string;
}

export function standInsOf(scenario: Scenario, stage: Stage): readonly StandIn[] {
  const found = scenario.timeline.flatMap(({ fault }, step): readonly StandIn[] => {
    const because = lackFor(fault, stage);
    const by = because === undefined ? undefined : injectorOf(fault).standIn?.(fault);
    if (because === undefined || by === undefined || lackFor(by, stage) !== undefined) return [];
    return [{ step, fault, by, because }];
  });
  // Where the same is done by another step at that time, the heal of one would end both.
  return scenarioMistakes(withStandIns(scenario, found)).length === 0 ? found : [];
}

/** The scenario with what stands in for what cannot be done. */
export function asPlayed(scenario: Scenario, stage: Stage): Scenario {
  const standIns = standInsOf(scenario, stage);
  return standIns.length === 0 ? scenario : withStandIns(scenario, standIns);
}

function withStandIns(scenario: Scenario, standIns: readonly StandIn[]): Scenario {
  const timeline = scenario.timeline.map((step, index) => {
    const standIn = standIns.find((each) => each.step === index);
    return standIn === undefined ? step : { ...step, fault: standIn.by };
  });
  return { ...scenario, timeline };
}
