/**
 * JUnit XML for CI pages: a suite per scenario, a case per finding. What could not be decided is an error, not a skip:
 * CI shows skips as green, and no data is never good data.
 */
import type { Finding, ScenarioVerdict } from '../model/verdict.ts';
import { escape } from './escape.ts';
import type { Reporter } from './reporter.ts';
import { decisionWord, effect } from './words.ts';

export const junit: Reporter = {
  name: 'junit',
  file: 'junit.xml',
  render(_evidence, verdict) {
    const suites = verdict.scenarios.map(suite).join('\n');
    return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="gatecrash">\n${suites}\n</testsuites>\n`;
  },
};

function suite({ scenario, findings }: ScenarioVerdict): string {
  const failures = findings.filter(({ decision }) => elementOf(decision) === 'failure').length;
  const errors = findings.filter(({ decision }) => elementOf(decision) === 'error').length;
  const head = `<testsuite name="${escape(scenario)}" tests="${findings.length}" failures="${failures}" errors="${errors}">`;
  return [`  ${head}`, ...findings.map(testCase), '  </testsuite>'].join('\n');
}

function testCase(finding: Finding): string {
  const { scenario, subject, decision, because } = finding;
  const open = `    <testcase classname="${escape(scenario)}" name="${escape(subject)}"`;
  const element = elementOf(decision);
  if (element === undefined) return `${open}/>`;
  const message = `${because} ${effect(finding)}`.trim();
  return `${open}><${element} type="${decisionWord[decision]}" message="${escape(message)}"/></testcase>`;
}

function elementOf(decision: Finding['decision']): 'failure' | 'error' | undefined {
  switch (decision) {
    case 'safe':
      return undefined;
    case 'regression':
    case 'known-weakness':
      return 'failure';
    case 'inconclusive':
    case 'invalid':
      return 'error';
  }
}
