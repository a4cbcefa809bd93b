/**
 * JUnit XML for CI pages: a suite per scenario, a case per finding. A regression is a failure, and so is a known
 * weakness, under a type of its own by which a page can tell them apart. What could not be decided is an error, not a
 * skip: CI shows skips as green, and no data is never good data.
 */
import type { Decision, Finding, ScenarioVerdict, Verdict } from '../model/verdict.ts';
import { escape } from './escape.ts';
import { plain } from './plain.ts';
import type { ReportContext, Reporter } from './reporter.ts';
import { keyNumbers } from './words.ts';

export const junit: Reporter = {
  name: 'junit',
  file: 'junit.xml',
  render(_evidence, verdict, context) {
    const suites = [...verdict.scenarios.map((scenario) => suiteOf(scenario)), ...unsaid(verdict)];
    const cases = suites.flatMap((suite) => suite.cases);
    const body = suites.map((suite) => suiteXml(suite, context)).join('\n');
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="gatecrash" ${counts(cases)}>\n${body}\n</testsuites>\n`;
  },
};

interface Case {
  readonly name: string;
  readonly decision: Decision;
  readonly message: string;
  /** Lines below the message: where the proof is. */
  readonly detail: readonly string[];
}

interface Suite {
  readonly name: string;
  readonly cases: readonly Case[];
}

function suiteOf({ scenario, decision, claim, because, findings }: ScenarioVerdict): Suite {
  const cases = findings.map(caseOf);
  // A scenario that was not held although every finding was (or there is none) must not look green.
  const told = decision === 'safe' ? cases.length > 0 : cases.some((one) => one.decision !== 'safe');
  const whole: Case = { name: 'scenario', decision, message: because ?? claim, detail: [] };
  return { name: scenario, cases: told ? cases : [...cases, whole] };
}

function caseOf(finding: Finding): Case {
  const { subject, decision, because, evidence } = finding;
  const numbers = keyNumbers(finding);
  return {
    name: subject,
    decision,
    message: numbers === '' ? because : `${because} [${numbers}]`,
    detail: evidence
      .slice(0, 10)
      .map(({ file, line, text }) => `${text}: ${file}${line === undefined ? '' : `:${line}`}`),
  };
}

/** A verdict that no scenario carries. */
function unsaid({ decision, because, scenarios }: Verdict): readonly Suite[] {
  if (scenarios.some((scenario) => scenario.decision === decision)) return [];
  return [{ name: 'verdict', cases: [{ name: 'verdict', decision, message: because, detail: [] }] }];
}

function suiteXml({ name, cases }: Suite, { replay }: ReportContext): string {
  const head = `<testsuite name="${escape(name)}" ${counts(cases)}>`;
  const out = `<system-out>replay: ${escape(replay)}</system-out>`;
  return [`  ${head}`, ...cases.map((one) => caseXml(name, one)), `    ${out}`, '  </testsuite>'].join('\n');
}

function caseXml(suite: string, { name, decision, message, detail }: Case): string {
  const open = `    <testcase classname="${escape(suite)}" name="${escape(name)}" time="0"`;
  const element = elementOf(decision);
  if (element === undefined) return `${open}/>`;
  const text = escape([message, ...detail].join('\n'));
  // Parsers disagree on line breaks in attributes; the text below keeps them.
  const line = escape(plain(message));
  return `${open}><${element} type="${decision}" message="${line}">${text}</${element}></testcase>`;
}

function counts(cases: readonly Case[]): string {
  const of = (element: 'failure' | 'error'): number =>
    cases.filter(({ decision }) => elementOf(decision) === element).length;
  return `tests="${cases.length}" failures="${of('failure')}" errors="${of('error')}" skipped="0"`;
}

function elementOf(decision: Decision): 'failure' | 'error' | undefined {
  switch (decision) {
    case 'safe':
      return undefined;
    case 'regression':
    case 'known-weakness':
      return 'failure';
    case 'inconclusive':
    case 'invalid':
    case 'skipped':
      return 'error';
  }
}
