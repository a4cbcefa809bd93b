/** A summary for a job page or a ticket. */
import type { Evidence } from '../model/evidence.ts';
import type { Finding, ScenarioVerdict } from '../model/verdict.ts';
import { invalidTrials } from './invalid-trials.ts';
import { plain } from './plain.ts';
import type { Reporter } from './reporter.ts';
import { blockWords, decisionSign, decisionWord, keyNumbers } from './words.ts';

/** Rows of one table at most: a job page is read, not searched. */
const limit = 20;

export const markdown: Reporter = {
  name: 'markdown',
  file: 'summary.md',
  render(evidence, verdict, { replay, runFolder }) {
    const { decision, because, stable, canary, scenarios } = verdict;
    const lines = [
      `# ${decisionSign[decision]} ${decisionWord[decision]}`,
      '',
      literal(because),
      '',
      `stable ${code(stable)}, canary ${code(canary)}`,
      '',
      ...table(['scenario', 'decision', 'blocks', 'claim'], scenarios.map(scenarioRow)),
      '',
      '## Findings',
      '',
      ...table(
        ['scenario', 'subject', 'decision', 'numbers'],
        scenarios.flatMap(({ findings }) => findings.map(findingRow)),
      ),
      ...reasons(scenarios),
      ...invalidPart(evidence),
      '',
      `Evidence: ${code(runFolder)}  `,
      `Play it again: ${code(replay)}  `,
      `Decide again: ${code(`gatecrash judge ${runFolder}`)}`,
    ];
    return `${lines.join('\n')}\n`;
  },
};

function scenarioRow(scenario: ScenarioVerdict): readonly string[] {
  const { scenario: name, decision, claim } = scenario;
  return [name, `${decisionSign[decision]} ${decisionWord[decision]}`, blockWords(scenario), claim].map(literal);
}

function findingRow(finding: Finding): readonly string[] {
  const { scenario, subject, decision } = finding;
  return [scenario, subject, `${decisionSign[decision]} ${decisionWord[decision]}`, keyNumbers(finding)].map(literal);
}

/** The sentence of everything that is not safe. */
function reasons(scenarios: readonly ScenarioVerdict[]): readonly string[] {
  const skipped = scenarios.flatMap(({ scenario, because }) =>
    because === undefined ? [] : { subject: scenario, because },
  );
  const unsafe = scenarios.flatMap((scenario) => scenario.findings).filter(({ decision }) => decision !== 'safe');
  const findings = [...skipped, ...unsafe];
  if (findings.length === 0) return [];
  const lines = findings
    .slice(0, limit)
    .map(({ subject, because }) => `- **${literal(subject)}**: ${literal(because)}`);
  return ['', ...lines, ...more(findings.length)];
}

function invalidPart(evidence: Evidence): readonly string[] {
  const invalid = invalidTrials(evidence);
  if (invalid.length === 0) return [];
  const rows = invalid.map(({ trial: { scenario, block, arm }, reason }) =>
    [scenario, String(block), arm, reason].map(literal),
  );
  return ['', '## Invalid trials', '', ...table(['scenario', 'block', 'arm', 'reason'], rows)];
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  return [line(head), line(head.map(() => '---')), ...rows.slice(0, limit).map(line), ...more(rows.length)];
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |`;
}

function more(count: number): readonly string[] {
  return count > limit ? ['', `and ${count - limit} more, see verdict.json`] : [];
}

/** What would start markup, a mention or a link, as references; `@`, `:` and `#` have no escape that GitHub minds. */
const references: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '@': '&#64;',
  ':': '&#58;',
  '#': '&#35;',
};

/** Text that can neither end a cell or a line nor become anything but text. */
export function literal(text: string): string {
  return plain(text).replaceAll(
    /[&<@#]|:(?=\/\/)|[\\|>*_[\]`~]/g,
    (character) => references[character] ?? `\\${character}`,
  );
}

/** A code span that no text can end; backticks inside need a longer fence. */
function code(text: string): string {
  const content = plain(text);
  const longest = Math.max(0, ...(content.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  const pad = content.startsWith('`') || content.endsWith('`') ? ' ' : '';
  return `${fence}${pad}${content}${pad}${fence}`;
}
