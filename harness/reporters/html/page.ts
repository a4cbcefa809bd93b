/** The page as a whole, most important first. */
import type { Evidence } from '../../model/evidence.ts';
import type { Verdict } from '../../model/verdict.ts';
import type { ReportContext } from '../reporter.ts';
import { decisionWord } from '../words.ts';
import { badge } from './badge.ts';
import { changelogSection } from './changelog-section.ts';
import { again, constants, environmentFacts } from './facts.ts';
import { markup, trusted, type Markup } from './markup.ts';
import { scenarioSection, type ScenarioParts } from './scenario-section.ts';
import { style } from './style.ts';
import { table } from './table.ts';

/** Characters that all scenarios together may take; the page is to stay under 2 MB whatever it tells. */
const budget = 1_600_000;

export function page({ plan, trials }: Evidence, verdict: Verdict, context: ReportContext): string {
  const { css, hash } = style();
  const parts = verdict.scenarios.flatMap((said, i): readonly ScenarioParts[] => {
    const planned = plan.scenarios.find(({ scenario }) => scenario.name === said.scenario);
    if (planned === undefined) return [];
    const own = trials.filter(({ scenario }) => scenario === said.scenario);
    return [{ id: `s${i + 1}`, said, scenario: planned.scenario, plan, trials: own }];
  });
  const title = `${decisionWord[verdict.decision]}: ${verdict.canary}, gatecrash report`;
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src '${trusted(hash)}'; base-uri 'none'; form-action 'none'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title}</title>
<style>${trusted(css)}</style></head>
<body><a class="skip" href="#scenarios">Skip to the scenarios</a>
<header>
<p class="product">gatecrash report, ${context.environment.startedAt}</p>
<h1>${badge(verdict.decision)}</h1>
<p class="because">${verdict.because}</p>
${builds(verdict)}
</header>
<main>
${scenarioTable(parts)}
${sections(parts)}
${context.changelog === undefined ? undefined : changelogSection(context.changelog)}
${again(context)}
${constants(verdict)}
${environmentFacts(context, plan)}
</main></body></html>
`.markup;
}

function builds({ stable, canary, constants: stated }: Verdict): Markup {
  // One build against itself has the same name twice, but is a comparison all the same.
  if (stated['arms'] === 1) return markup`<dl><dt>build</dt><dd><code>${canary}</code></dd></dl>`;
  return markup`<dl><dt>stable</dt><dd><code>${stable}</code></dd><dt>canary</dt><dd><code>${canary}</code></dd></dl>`;
}

function scenarioTable(parts: readonly ScenarioParts[]): Markup {
  const rows = parts.map(({ id, said }) => [
    markup`<a href="#${id}">${said.scenario}</a>`,
    badge(said.decision),
    said.claim,
    said.blocks.used,
    said.blocks.invalid,
    said.blocksNeeded ?? '–',
  ]);
  const head = ['scenario', 'decision', 'claim', 'blocks', 'invalid', 'more needed'];
  return markup`<section id="scenarios" aria-labelledby="scenarios-title"><h2 id="scenarios-title">Scenarios</h2>
${table({ caption: 'Decision of each scenario', head, rows, limit: 200 })}</section>`;
}

/** Once the budget is used up, a scenario is named only. */
function sections(parts: readonly ScenarioParts[]): readonly Markup[] {
  let used = 0;
  return parts.map((part) => {
    const section = used < budget ? scenarioSection(part) : leftOut(part);
    const kept = used + section.markup.length <= budget ? section : leftOut(part);
    used += kept.markup.length;
    return kept;
  });
}

function leftOut({ id, said }: ScenarioParts): Markup {
  return markup`<section id="${id}"><h2>${said.scenario} ${badge(said.decision)}</h2>
<p>Left out to keep this page small: see <code>verdict.json</code>.</p></section>\n`;
}
