/** The end of a run, for people. */
import type { Decision, Finding, ScenarioVerdict, Verdict } from '../model/verdict.ts';
import { decisionWord, effect } from './words.ts';

const width = 96;
const colours: Readonly<Record<Decision, number>> = {
  safe: 32,
  regression: 31,
  inconclusive: 33,
  invalid: 33,
  'known-weakness': 35,
};

export function renderVerdict(verdict: Verdict, { colour }: { readonly colour: boolean }): string {
  const paint = (decision: Decision, text: string): string =>
    colour ? `\u001B[1;${colours[decision]}m${text}\u001B[0m` : text;
  const lines = [
    '',
    paint(verdict.decision, decisionWord[verdict.decision]),
    ...wrapped(verdict.because, ''),
    '',
    `stable  ${verdict.stable}`,
    `canary  ${verdict.canary}`,
    ...verdict.scenarios.flatMap((scenario) => scenarioLines(scenario, paint)),
  ];
  return lines.join('\n');
}

function scenarioLines(
  scenario: ScenarioVerdict,
  paint: (decision: Decision, text: string) => string,
): readonly string[] {
  const { used, invalid } = scenario.blocks;
  const spoilt = invalid === 0 ? '' : `, ${invalid} invalid`;
  const more = scenario.blocksNeeded === null ? '' : `, ${scenario.blocksNeeded} more needed`;
  const word = paint(scenario.decision, decisionWord[scenario.decision]);
  return [
    '',
    `${scenario.scenario}  ${word}  (${used} blocks${spoilt}${more})`,
    ...scenario.findings.flatMap((finding) => findingLines(finding, paint)),
  ];
}

function findingLines(finding: Finding, paint: (decision: Decision, text: string) => string): readonly string[] {
  const numbers = effect(finding);
  const head =
    `  ${finding.subject.padEnd(20)} ${paint(finding.decision, decisionWord[finding.decision].padEnd(13))} ${numbers}`.trimEnd();
  // What is safe needs no sentence: the report has it.
  return finding.decision === 'safe' ? [head] : [head, ...wrapped(finding.because, '    ')];
}

function wrapped(text: string, indent: string): readonly string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(/\s+/)) {
    if (line.length + word.length + 1 > width && line.trim() !== '') {
      lines.push(line);
      line = indent;
    }
    line += line.trim() === '' ? word : ` ${word}`;
  }
  return [...lines, line];
}
