/** Everything about one scenario. */
import type { TrialEvidence } from '../../model/evidence.ts';
import type { Plan } from '../../model/plan.ts';
import type { ScenarioVerdict } from '../../model/verdict.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { badge } from './badge.ts';
import { blockSection } from './block-section.ts';
import { findingCard } from './finding-card.ts';
import { invalidTable } from './invalid-table.ts';
import { lostUpdates } from './lost-updates.ts';
import { markup, type Markup } from './markup.ts';
import { trialTable } from './trial-table.ts';
import { plural } from '../words.ts';

export interface ScenarioParts {
  /** Unique in the page, and the target of links. */
  readonly id: string;
  readonly said: ScenarioVerdict;
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly trials: readonly TrialEvidence[];
}

export function scenarioSection({ id, said, scenario, plan, trials }: ScenarioParts): Markup {
  const { findings, blocks, blocksNeeded } = said;
  const more = blocksNeeded === null ? '' : `, ${plural(blocksNeeded, 'more block')} would likely decide`;
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${said.scenario} ${badge(said.decision)}</h2>
<p class="claim">${said.claim}</p>
${said.because === undefined ? undefined : markup`<p>${said.because}.</p>`}
<p>${plural(blocks.used, 'block')} counted, ${blocks.invalid} invalid${more}.${anchors(scenario)}</p>
<div class="findings">${findings.map((finding, i) => findingCard(`${id}-f${i + 1}`, finding))}</div>
${blockSection(id, findings, trials)}
${trialTable(trials)}
${lostUpdates(findings, trials)}
${invalidTable({ plan, trials })}
</section>
`;
}

function anchors({ anchors }: Scenario): Markup | undefined {
  return anchors.length === 0
    ? undefined
    : markup` Stands for ${anchors.map((name, i) => [i === 0 ? '' : ', ', issue(name)])}.`;
}

/** `owner/repository#number` as a link to follow; anything else as text. */
function issue(name: string): Markup {
  const match = /^([\w.-]+\/[\w.-]+)#(\d+)$/.exec(name);
  if (match === null) return markup`${name}`;
  return markup`<a rel="noreferrer" href="https://github.com/${match[1]}/issues/${match[2]}">${name}</a>`;
}
