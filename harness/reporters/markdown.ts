/** A summary for a job page or a ticket. */
import type { Finding, Verdict } from '../model/verdict.ts';
import type { Reporter } from './reporter.ts';
import { decisionWord, effect } from './words.ts';

export const markdown: Reporter = {
  name: 'markdown',
  file: 'summary.md',
  render(_evidence, verdict, { replay, runFolder }) {
    const lines = [
      `# ${decisionWord[verdict.decision]}`,
      '',
      cell(verdict.because),
      '',
      `stable \`${verdict.stable}\`, canary \`${verdict.canary}\``,
      '',
      '| scenario | subject | decision | effect |',
      '| --- | --- | --- | --- |',
      ...rows(verdict),
      '',
      `Evidence: \`${runFolder}\`. Again: \`${replay}\`.`,
    ];
    return `${lines.join('\n')}\n`;
  },
};

function rows({ scenarios }: Verdict): readonly string[] {
  return scenarios.flatMap(({ findings }) => findings.map(row));
}

function row(finding: Finding): string {
  const cells = [finding.scenario, finding.subject, decisionWord[finding.decision], effect(finding) || finding.because];
  return `| ${cells.map(cell).join(' | ')} |`;
}

/** Text that can neither end a cell nor become markup. */
function cell(text: string): string {
  return text.replaceAll(/[\r\n]+/g, ' ').replaceAll(/[\\|<>*_[\]`]/g, (character) => `\\${character}`);
}
