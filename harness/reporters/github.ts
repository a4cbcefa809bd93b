/** Annotations of a GitHub workflow run: one for each finding that is not safe, which the page of the run shows. */
import type { Decision, Finding, Verdict } from '../model/verdict.ts';
import { plain } from './plain.ts';
import type { Reporter } from './reporter.ts';
import { decisionWord, keyNumbers } from './words.ts';

/** GitHub shows ten of a kind for each step. */
const most = 10;

export const github: Reporter = {
  name: 'github',
  file: 'annotations.txt',
  render: (_evidence, verdict) => annotations(verdict),
};

const gravestFirst: readonly Decision[] = ['regression', 'invalid', 'inconclusive', 'known-weakness'];

/** Lines of workflow commands, the gravest first. Empty when everything is safe. */
export function annotations({ decision, because, scenarios }: Verdict): string {
  const all = scenarios.flatMap((scenario) => scenario.findings);
  const findings = gravestFirst.flatMap((wanted) => all.filter((finding) => finding.decision === wanted));
  if (findings.length === 0)
    return levelOf(decision) === undefined ? '' : line(decision, decisionWord[decision], because);
  return findings
    .slice(0, most)
    .map((finding) => line(finding.decision, titleOf(finding), finding.because))
    .join('');
}

function titleOf(finding: Finding): string {
  const { scenario, subject, decision } = finding;
  const numbers = keyNumbers(finding);
  return `${decisionWord[decision]}: ${subject} in ${scenario}${numbers === '' ? '' : `, ${numbers}`}`;
}

function line(decision: Decision, title: string, because: string): string {
  return `::${levelOf(decision) ?? 'notice'} title=${property(title)}::${data(because)}\n`;
}

function levelOf(decision: Decision): 'error' | 'warning' | undefined {
  switch (decision) {
    case 'safe':
      return undefined;
    case 'regression':
    case 'invalid':
    case 'inconclusive':
      return 'error';
    case 'known-weakness':
    case 'skipped':
      return 'warning';
  }
}

/** One line that cannot end the command or begin another. */
function data(text: string): string {
  return plain(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
