/** One scenario: its findings, in the order of its expectations, made into a decision. */
import { byzantineKinds } from '../../scenarios/byzantine.ts';
import type { ScenarioVerdict } from '../model/verdict.ts';
import { countedReasons } from './blocks.ts';
import { downFinding } from './down.ts';
import type { Judged, Setting } from './finding.ts';
import { gravest } from './gravest.ts';
import { invariantFinding } from './invariant-finding.ts';
import { firstLook } from './looks.ts';
import type { MetricCase } from './metric-cases.ts';
import { metricFinding } from './metric-finding.ts';
import { positionAlpha } from './position-effect.ts';
import { responseDiffs } from './streams/response-diffs.ts';
import { plural, short } from './words.ts';

export function scenarioVerdict(setting: Setting, cases: readonly MetricCase[]): ScenarioVerdict {
  const { plan, blocks } = setting;
  const judged = plan.scenario.expectations.flatMap((expectation): readonly Judged[] => {
    if (expectation.kind === 'invariant') return [invariantFinding(setting, expectation)];
    const metric = cases.find((c) => c.expectation === expectation);
    return metric === undefined ? [] : [voidWhenPlaceMatters(setting, metricFinding(setting, metric))];
  });
  const down = downFinding(setting);
  const voided = withDown(judged, down).map((one) =>
    // What the invalid blocks themselves show does not want valid ones.
    forgiveByzantine(setting, one === down ? one : voidWhenBlocksAreInvalid(setting, one)),
  );
  const decision = gravest(voided.map(({ finding }) => finding.decision));
  const responses = responseDiffs(blocks.valid);
  return {
    scenario: plan.scenario.name,
    claim: plan.scenario.claim,
    decision,
    blocks: { used: blocks.valid.length, invalid: blocks.invalid.length },
    findings: voided.map(({ finding }) => finding),
    ...(responses === undefined ? {} : { responses }),
    blocksNeeded: decision === 'regression' ? null : mostNeeded(voided),
  };
}

/** It comes first, and in the place of what the blocks that could be tried say of the same, unless that is graver. */
function withDown(judged: readonly Judged[], down: Judged | undefined): readonly Judged[] {
  if (down === undefined) return judged;
  const { subject, decision } = down.finding;
  const said = judged.flatMap(({ finding }) => (finding.subject === subject ? [finding.decision] : []));
  if (gravest([decision, ...said]) !== decision) return judged;
  return [down, ...judged.filter(({ finding }) => finding.subject !== subject)];
}

/**
 * Enough blocks were run, but too few of them were experiments: what is undecided for want of blocks is then invalid,
 * and says why. What the valid blocks prove stands.
 */
function voidWhenBlocksAreInvalid({ plan, blocks }: Setting, judged: Judged): Judged {
  const first = firstLook(plan).blocks;
  const { valid, invalid } = blocks;
  const tooFew = valid.length < first && valid.length + invalid.length >= first;
  if (!tooFew || judged.finding.decision !== 'inconclusive') return judged;
  const because =
    `only ${valid.length} of ${plural(valid.length + invalid.length, 'block')} of ${plan.scenario.name} were valid, ` +
    `${first} are needed: ${countedReasons(blocks).join('; ')}${onlyCanary(blocks)}`;
  return { ...judged, finding: { ...judged.finding, decision: 'invalid', because } };
}

/** Arms in turn are compared as if their place in the block did not matter; when it does, no metric of them counts. */
function voidWhenPlaceMatters({ plan: { scenario }, position }: Setting, judged: Judged): Judged {
  if (scenario.arms !== 'in-turn' || position > positionAlpha) return judged;
  const because =
    `carry-over in ${scenario.name}: of the two stable arms the later one differs from the earlier ` +
    `(p = ${short(position)} over the session); the host changes from trial to trial: ${judged.finding.because}`;
  return { finding: { ...judged.finding, decision: 'invalid', because }, blocksNeeded: null };
}

/** What a gateway does when etcd itself breaks its promises is told, and is never a regression. */
function forgiveByzantine({ plan }: Setting, judged: Judged): Judged {
  const kinds = byzantineKinds(plan.scenario);
  if (kinds.length === 0 || judged.finding.decision !== 'regression') return judged;
  const because = `${judged.finding.because}; not counted as a regression, because ${kinds.join(', ')} breaks promises of etcd`;
  return { ...judged, finding: { ...judged.finding, decision: 'known-weakness', because } };
}

/** Guards decide nothing, but a reader must not overlook that it was always the canary that could not be tried. */
function onlyCanary({ invalid }: Setting['blocks']): string {
  const all = invalid.every(({ reasons }) => reasons.every((reason) => reason.startsWith('canary ')));
  return all ? '; every time it was the canary alone: read its log before running again' : '';
}

/** The most that any finding wants: a finding that more blocks cannot decide does not keep them from the others. */
function mostNeeded(judged: readonly Judged[]): number | null {
  const needed = judged.flatMap(({ blocksNeeded }) => (blocksNeeded === null ? [] : [blocksNeeded]));
  return needed.length === 0 ? null : Math.max(...needed);
}
