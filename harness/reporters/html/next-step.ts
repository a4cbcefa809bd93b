/** What to do now, for one who has read the verdict and nothing else, and the findings that it stands on. */
import type { Decision, Verdict } from '../../model/verdict.ts';
import { decisionSign } from '../words.ts';
import { markup, type Markup } from './markup.ts';

const steps: Readonly<Record<Decision, string>> = {
  safe: 'No invariant broke, and every metric was shown to be inside its tolerance. Nothing in this run speaks against the upgrade.',
  regression:
    'Do not upgrade. Below is what the canary does worse than stable, with the proof, and the command that shows it again.',
  inconclusive:
    'Neither shown to be safe nor to be worse. More blocks (--blocks), or a quieter host, would decide; nothing may be concluded before.',
  invalid:
    'This was no experiment, so it says nothing of the canary. The reasons are below; remove them and run it again.',
  skipped:
    'This host cannot do every scenario: what was not tried may not pass. What it lacks is below, and gatecrash doctor tells it too.',
  'known-weakness': 'Stable breaks it too: the canary is no worse than what you run, and no better.',
};

/** Findings listed here; the matrix has all. */
const mostFindings = 6;

/** `places`: of each scenario, the id of its section. */
export function nextStep({ decision, scenarios }: Verdict, places: ReadonlyMap<string, string>): Markup {
  const found = scenarios.flatMap(({ scenario, findings }) =>
    findings.map((finding, i) => ({ scenario, finding, id: `${places.get(scenario) ?? 'scenarios'}-f${i + 1}` })),
  );
  // What is safe or undecided is too much to list, and says less than the matrix.
  const weighty = found.filter(({ finding }) => finding.decision === decision && isBreach(decision));
  return markup`<p>${steps[decision]}</p>
${weighty.length < 2 ? undefined : markup`<ul>${weighty.slice(0, mostFindings).map(({ scenario, finding: { subject }, id }) => markup`<li><a href="#${id}"><span aria-hidden="true">${decisionSign[decision]}</span> ${subject}</a> in ${scenario}</li>\n`)}</ul>`}`;
}

function isBreach(decision: Decision): boolean {
  return decision === 'regression' || decision === 'known-weakness';
}
