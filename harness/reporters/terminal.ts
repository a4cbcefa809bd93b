/** The end of a run, for people. */
import type { Decision, Finding, ScenarioVerdict, Verdict } from '../model/verdict.ts';
import { plain } from './plain.ts';
import { blockWords, decisionSign, decisionWord, keyNumbers } from './words.ts';

/** Fits the narrowest usual terminal, and reads well in wider ones. */
const width = 80;
/** Names of requests in one line of it. */
const mostRequests = 5;
const colours: Readonly<Record<Decision, number>> = {
  safe: 32,
  regression: 31,
  inconclusive: 33,
  invalid: 33,
  skipped: 33,
  'known-weakness': 35,
};

type Label = (decision: Decision) => string;

/** Lines of at most 80 columns, without a line break at the end. */
export function renderVerdict(verdict: Verdict, { colour }: { readonly colour: boolean }): string {
  const label: Label = (decision) => {
    const text = `${decisionSign[decision]} ${decisionWord[decision]}`;
    return colour ? `\u001B[1;${colours[decision]}m${text}\u001B[0m` : text;
  };
  // Findings often share a sentence, and the verdict's is that of its gravest finding: each is said once.
  const said = new Set<string>();
  const lines = [
    '',
    label(verdict.decision),
    ...wrapped(verdict.because, ''),
    '',
    ...builds(verdict),
    ...verdict.scenarios.flatMap((scenario) => scenarioLines(scenario, verdict.because, said, label)),
  ];
  return lines.join('\n');
}

function builds({ stable, canary, constants }: Verdict): readonly string[] {
  // One build against itself has the same name twice, but is a comparison all the same.
  if (constants['arms'] === 1) return [`build   ${plain(canary)}`];
  return [`stable  ${plain(stable)}`, `canary  ${plain(canary)}`, ...scales(constants)];
}

/** Numbers of another host may decide later than they could: that they do is said where the verdict is. */
function scales({ 'scales.source': source }: Verdict['constants']): readonly string[] {
  if (source === undefined) return [];
  return [
    `scales  ${source === 'built-in' ? 'built in (gatecrash calibrate measures this host)' : plain(String(source))}`,
  ];
}

function scenarioLines(
  scenario: ScenarioVerdict,
  headline: string,
  said: Set<string>,
  label: Label,
): readonly string[] {
  const column = Math.max(20, ...scenario.findings.map(({ subject }) => plain(subject).length));
  const findings = scenario.findings.flatMap((finding) => {
    const { decision, because } = finding;
    const lines = findingLines(finding, column, label);
    // What is safe needs no sentence: the report has it.
    if (decision === 'safe' || said.has(because) || headline.startsWith(because)) return lines;
    said.add(because);
    return [...lines, ...wrapped(because, '    ')];
  });
  const head = `${plain(scenario.scenario)}  ${label(scenario.decision)}  (${blockWords(scenario)})`;
  const { because = '' } = scenario;
  const why = because === '' || headline.startsWith(because) ? [] : wrapped(because, '  ');
  return ['', head, ...why, ...findings, ...responseLines(scenario)];
}

/** Requests to look at first; the report has the others, and the answers. */
function responseLines({ responses }: ScenarioVerdict): readonly string[] {
  if (responses === undefined || responses.differ === 0) return [];
  const names = responses.shown.slice(0, mostRequests).map(({ request }) => request);
  const more = responses.differ > names.length ? `, and ${responses.differ - names.length} more` : '';
  return wrapped(`answered otherwise by one arm alone: ${names.join(', ')}${more}`, '    ');
}

/** The numbers stand beside the decision where there is room, else below it. */
function findingLines(finding: Finding, column: number, label: Label): readonly string[] {
  const subject = `  ${plain(finding.subject).padEnd(column)} `;
  const head = `${subject}${label(finding.decision)}`;
  const numbers = keyNumbers(finding);
  if (numbers === '') return [head];
  const seen = subject.length + 2 + decisionWord[finding.decision].length + 2 + numbers.length;
  return seen <= width ? [`${head}  ${numbers}`] : [head, ...wrapped(numbers, '    ')];
}

/** Breaks between words; a word longer than a line, such as a path, stays whole so that it can be copied. */
export function wrapped(text: string, indent: string): readonly string[] {
  const [first = '', ...words] = plain(text).trim().split(' ');
  const lines = [`${indent}${first}`];
  for (const word of words) {
    const line = lines.at(-1) ?? '';
    if (line.length + 1 + word.length > width) lines.push(`${indent}${word}`);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
