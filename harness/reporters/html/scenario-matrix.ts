/** Every scenario against everything that was asked of it, with links to the findings. */
import type { Finding } from '../../model/verdict.ts';
import { decisionSign, decisionWord, effect } from '../words.ts';
import { badge } from './badge.ts';
import { markup, type Markup } from './markup.ts';
import type { ScenarioParts } from './scenario-section.ts';

const noteworthy = ['regression', 'known-weakness', 'inconclusive', 'invalid', 'skipped', 'safe'] as const;

export function scenarioMatrix(parts: readonly ScenarioParts[]): Markup {
  // Invariants first, as in every scenario.
  const kinds = ['invariant', 'no-worse'] as const;
  const findings = parts.flatMap(({ said }) => said.findings);
  const subjects = kinds.flatMap((kind) => [
    ...new Set(findings.filter(({ expectation }) => expectation.kind === kind).map(({ subject }) => subject)),
  ]);
  const used = noteworthy.filter((decision) => findings.some((finding) => finding.decision === decision));
  return markup`<div class="scroll" role="region" aria-label="Decision of each scenario" tabindex="0"><table class="matrix">
<caption>Decision of each scenario, and of each thing asked of it</caption>
<thead><tr><th scope="col">scenario</th><th scope="col">decision</th>${subjects.map((subject) => markup`<th scope="col" class="steep"><span>${subject}</span></th>`)}<th scope="col">blocks</th><th scope="col">invalid</th><th scope="col">more needed</th></tr></thead>
<tbody>${parts.map((part) => row(part, subjects))}</tbody>
</table></div>
<p class="key">${used.map((decision) => markup`<span>${badge(decision)}</span> `)}</p>`;
}

function row({ id, said }: ScenarioParts, subjects: readonly string[]): Markup {
  const cells = subjects.map((subject) => {
    const place = said.findings.findIndex((finding) => finding.subject === subject);
    const finding = said.findings[place];
    return finding === undefined ? markup`<td>·</td>` : cell(`${id}-f${place + 1}`, finding);
  });
  return markup`<tr><th scope="row"><a href="#${id}">${said.scenario}</a></th><td>${badge(said.decision)}</td>${cells}
<td>${said.blocks.used}</td><td>${said.blocks.invalid}</td><td>${said.blocksNeeded ?? '–'}</td></tr>\n`;
}

function cell(id: string, finding: Finding): Markup {
  const { subject, decision } = finding;
  const words = [decisionWord[decision], effect(finding)].filter((part) => part !== '').join(', ');
  return markup`<td><a class="badge ${decision}" href="#${id}" title="${subject}: ${words}" aria-label="${subject}: ${words}">${decisionSign[decision]}</a></td>`;
}
