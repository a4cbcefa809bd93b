/** Scenarios that the host, or a gateway, could not do: nothing is decided of them, and nothing passes for them. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { Evidence } from '../model/evidence.ts';
import type { ScenarioVerdict } from '../model/verdict.ts';

/** Undefined when the scenario was not skipped. */
export function skippedVerdict({ name, claim }: Scenario, { skipped = [] }: Evidence): ScenarioVerdict | undefined {
  const found = skipped.find(({ scenario }) => scenario === name);
  if (found === undefined) return undefined;
  const because = `${name} was skipped: ${found.reason}`;
  const blocks = { used: 0, invalid: 0 };
  return { scenario: name, claim, decision: 'skipped', because, blocks, findings: [], blocksNeeded: null };
}
