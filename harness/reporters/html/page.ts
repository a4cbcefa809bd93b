/** The page as a whole, most important first. */
import type { Evidence } from '../../model/evidence.ts';
import { seriesWords } from '../../model/run-record.ts';
import type { Verdict } from '../../model/verdict.ts';
import { rings } from '../trend-words.ts';
import type { ReportContext } from '../reporter.ts';
import { decisionWord, gravity } from '../words.ts';
import { badge } from './badge.ts';
import { changelogSection } from './changelog-section.ts';
import { again, constants, environmentFacts } from './facts.ts';
import { markup, trusted, type Markup } from './markup.ts';
import { nextStep } from './next-step.ts';
import { scenarioMatrix } from './scenario-matrix.ts';
import { briefSection, scenarioSection, type ScenarioParts } from './scenario-section.ts';
import { style } from './style.ts';
import { trendSection } from './trend-section.ts';

/** Characters that all scenarios together may take; the page is to stay under 2 MB whatever it tells. */
const budget = 1_600_000;

export function page({ plan, trials }: Evidence, verdict: Verdict, context: ReportContext): string {
  const { css, hash } = style();
  const parts = verdict.scenarios.flatMap((said, i): readonly ScenarioParts[] => {
    const planned = plan.scenarios.find(({ scenario }) => scenario.name === said.scenario);
    if (planned === undefined) return [];
    const own = trials.filter(({ scenario }) => scenario === said.scenario);
    return [{ id: `s${i + 1}`, said, scenario: planned.scenario, plan, trials: own, context }];
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
${nextStep(verdict, new Map(parts.map(({ id, said }) => [said.scenario, id])))}
${alarm(context)}
${builds(verdict)}
${contents(context)}
</header>
<main>
${scenarios(parts)}
${sections(parts)}
${context.trends === undefined || context.trends.length === 0 ? undefined : trendSection(context.trends)}
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

function scenarios(parts: readonly ScenarioParts[]): Markup {
  return markup`<section id="scenarios" aria-labelledby="scenarios-title"><h2 id="scenarios-title">Scenarios</h2>
${scenarioMatrix(parts)}</section>`;
}

/** No single night tells of it, so that the verdict does not. */
function alarm({ trends = [] }: ReportContext): Markup | undefined {
  const ringing = trends.filter(rings);
  if (ringing.length === 0) return undefined;
  return markup`<p><strong class="badge regression"><span aria-hidden="true">!</span> TREND ALARM</strong>
over the nights: <a href="#trends">${ringing.map(({ series }) => seriesWords(series)).join(', ')}</a></p>`;
}

function contents({ changelog, trends = [] }: ReportContext): Markup {
  const nights = trends.length === 0 ? undefined : markup`<a href="#trends">Over the nights</a> `;
  const notes = changelog === undefined ? undefined : markup`<a href="#changelog">Release notes</a> `;
  return markup`<nav aria-label="contents"><a href="#scenarios">Scenarios</a> ${nights}${notes}<a href="#again">Again</a>
<a href="#constants">Constants</a> <a href="#environment">Environment</a></nav>`;
}

/**
 * Every scenario is told in brief, and the gravest in full as far as there is room for it; only when not even the brief
 * ones have room, the last are no more than named.
 */
function sections(parts: readonly ScenarioParts[]): readonly Markup[] {
  let left = budget;
  const ordered = parts.toSorted((a, b) => gravity(a.said) - gravity(b.said));
  const kept = new Map<ScenarioParts, Markup>();
  const keep = (part: ScenarioParts, section: Markup): boolean => {
    const more = section.markup.length - (kept.get(part)?.markup.length ?? 0);
    if (more > left) return false;
    kept.set(part, section);
    left -= more;
    return true;
  };
  const named = ordered.filter((part) => !keep(part, briefSection(part)));
  // The first that does not fit ends it: drawing more of them only to throw them away takes long.
  if (named.length === 0) ordered.every((part) => keep(part, scenarioSection(part)));
  return parts.map((part) => kept.get(part) ?? leftOut(part));
}

function leftOut({ id, said }: ScenarioParts): Markup {
  return markup`<section id="${id}"><h2>${said.scenario} ${badge(said.decision)}</h2>
<p>Left out to keep this page small: see <code>verdict.json</code>.</p></section>\n`;
}
