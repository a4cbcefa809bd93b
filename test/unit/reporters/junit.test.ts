/** JUnit XML: what a CI page shows red, and that any parser takes the file. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { Decision } from '../../../harness/model/verdict.ts';
import { junit } from '../../../harness/reporters/junit.ts';
import { cases, context, type Case } from './cases.ts';
import { defaced } from './hostile.ts';

type Node = Readonly<Record<string, unknown>>;

const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', isArray: (name) => lists.has(name) });
const lists = new Set(['testsuite', 'testcase']);

function parsed({ evidence, verdict }: Case): readonly Node[] {
  const xml = junit.render(evidence, verdict, context);
  expect(XMLValidator.validate(xml)).toBe(true);
  return (parser.parse(xml) as { testsuites: { testsuite: readonly Node[] } }).testsuites.testsuite;
}

function testCases(one: Case): readonly Node[] {
  return parsed(one).flatMap((suite) => suite['testcase'] as readonly Node[]);
}

function without({ evidence, verdict }: Case): Case {
  return { evidence, verdict: { ...verdict, scenarios: verdict.scenarios.map((s) => ({ ...s, findings: [] })) } };
}

const shown = [
  ['safe', undefined],
  ['regression', 'failure'],
  ['known-weakness', 'failure'],
  ['inconclusive', 'error'],
  ['invalid', 'error'],
] as const satisfies readonly (readonly [Decision, string | undefined])[];

describe('a finding', () => {
  it.each(shown)('that is %s shows as %s', (decision, element) => {
    const { verdict } = cases[decision];
    const findings = verdict.scenarios.flatMap((scenario) => scenario.findings);
    const told = testCases(cases[decision]);
    expect(told.map(({ name }) => name)).toEqual(findings.map(({ subject }) => subject));
    const place = findings.findIndex((finding) => finding.decision === decision);
    const child = told[place]?.[element ?? 'failure'] as Node | undefined;
    expect(child?.['type']).toBe(element === undefined ? undefined : decision);
    if (element !== undefined) expect(child?.['message']).toContain(findings[place]?.because.replaceAll('\n', ' '));
  });

  it('leads to the lines of the evidence', () => {
    const { evidence, verdict } = cases.regression;
    const [pointer] = verdict.scenarios[0]?.findings[0]?.evidence ?? [];
    expect(junit.render(evidence, verdict, context)).toContain(`${pointer?.file}:${pointer?.line}`);
  });
});

describe('a suite', () => {
  it.each(Object.entries(cases))('counts its cases when the verdict is %s', (_, one) => {
    for (const suite of parsed(one)) {
      const own = suite['testcase'] as readonly Node[];
      const of = (element: string): string => String(own.filter((node) => element in node).length);
      expect([suite['tests'], suite['failures'], suite['errors']]).toEqual([
        String(own.length),
        of('failure'),
        of('error'),
      ]);
    }
  });

  it.each(Object.keys(cases).filter((decision) => decision !== 'safe') as Decision[])(
    'is not green when the verdict is %s and no finding says so',
    (decision) => {
      const red = testCases(without(cases[decision])).filter((node) => 'failure' in node || 'error' in node);
      expect(red.length).toBeGreaterThan(0);
    },
  );

  it('is not green when there is no scenario at all', () => {
    const { evidence, verdict } = cases.invalid;
    const [only] = testCases({ evidence, verdict: { ...verdict, scenarios: [] } });
    expect(only).toHaveProperty('error');
  });
});

it('stays well-formed, with the same elements, whatever names and sentences hold', () => {
  const before = testCases(cases.regression).map((node) => Object.keys(node));
  expect(testCases(defaced(cases.regression)).map((node) => Object.keys(node))).toEqual(before);
});
