/** Everything about one scenario. */
import type { TrialEvidence } from '../../model/evidence.ts';
import type { Plan } from '../../model/plan.ts';
import type { ScenarioVerdict } from '../../model/verdict.ts';
import type { ReportContext } from '../reporter.ts';
import { allWorkers } from '../../../scenarios/all-workers.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { badge } from './badge.ts';
import { blockSection } from './block-section.ts';
import { convergenceSection } from './convergence-section.ts';
import { findingCard } from './finding-card.ts';
import { flameSection } from './flame/flame-section.ts';
import { invalidTable } from './invalid-table.ts';
import { latencySection } from './latency-section.ts';
import { logSection } from './log-section.ts';
import { lostUpdates } from './lost-updates.ts';
import { markup, type Markup } from './markup.ts';
import { responseTable } from './response-table.ts';
import { stallTable } from './stall-table.ts';
import { timelineOf } from './timeline.ts';
import { trialTable } from './trial-table.ts';
import { worstBlock } from './worst-block.ts';
import { gravity, plural } from '../words.ts';

export interface ScenarioParts {
  /** Unique in the page, and the target of links. */
  readonly id: string;
  readonly said: ScenarioVerdict;
  readonly scenario: Scenario;
  readonly plan: Plan;
  readonly trials: readonly TrialEvidence[];
  readonly context: ReportContext;
}

export function scenarioSection(parts: ScenarioParts): Markup {
  const { id, said, scenario, plan, trials, context } = parts;
  const shown = worstBlock(said.findings, trials);
  const timeline = timelineOf(shown);
  return inSection(parts, [
    findingCards(parts),
    said.responses === undefined ? undefined : responseTable(said.responses),
    lostUpdates(said.findings, trials),
    blockSection(id, shown, trials, timeline),
    convergenceSection(id, shown, timeline, allWorkers(scenario)),
    stallTable(said.findings, trials),
    latencySection(id, trials),
    flameSection(said.scenario, context.profiles),
    said.decision === 'safe' ? undefined : logSection(shown, context),
    trialTable(trials),
    invalidTable({ plan, trials }),
    alone(parts),
  ]);
}

/** What was decided and why, without what it looked like. */
export function briefSection(parts: ScenarioParts): Markup {
  const note = markup`<p>What its blocks looked like is left out to keep this page small. A run of this scenario alone has room for it.</p>`;
  return inSection(parts, [findingCards(parts), note, alone(parts)]);
}

function inSection({ id, said, scenario }: ScenarioParts, content: readonly (Markup | undefined)[]): Markup {
  const { blocks, blocksNeeded } = said;
  const more = blocksNeeded === null ? '' : `, ${plural(blocksNeeded, 'more block')} would likely decide`;
  return markup`<section id="${id}" aria-labelledby="${id}-title">
<h2 id="${id}-title">${said.scenario} ${badge(said.decision)}</h2>
<p class="claim">${said.claim}</p>
${said.because === undefined ? undefined : markup`<p>${said.because}.</p>`}
<p>${plural(blocks.used, 'block')} counted, ${blocks.invalid} invalid${more}.${anchors(scenario)}</p>
${content}
<p class="back"><a href="#scenarios">All scenarios</a></p>
</section>
`;
}

/** The gravest first. */
function findingCards({ id, said }: ScenarioParts): Markup {
  const cards = said.findings.map((finding, i) => ({ finding, id: `${id}-f${i + 1}` }));
  const ordered = cards.toSorted((a, b) => gravity(a.finding) - gravity(b.finding));
  return markup`<div class="findings">${ordered.map(({ finding, id }) => findingCard(id, finding))}</div>`;
}

/** Where it is all of the run, the command at the end of the page is its own. */
function alone({ said, plan, context }: ScenarioParts): Markup | undefined {
  const command = context.replayOf?.[said.scenario];
  if (command === undefined || plan.scenarios.length === 1) return undefined;
  return markup`<p>This scenario alone, with the same seeds:</p><pre tabindex="0">${command}</pre>`;
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
