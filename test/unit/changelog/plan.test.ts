import { expect, test } from 'vitest';
import { areasOf, familyOf, isKnownFamily } from '../../../harness/changelog/exercises.ts';
import { changelogReport } from '../../../harness/changelog/report.ts';
import { injectors } from '../../../harness/faults/index.ts';
import type { Area, ChangelogReport } from '../../../harness/model/changelog.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';
import { written } from './fixture.ts';

function planned(...lines: readonly string[]): ChangelogReport {
  const text = `## 1.1.0\n${lines.map((line) => `- ${line}\n`).join('')}## 1.0.0\n- begun\n`;
  return changelogReport(written(text), { from: '1.0.0', to: '1.1.0', catalogue });
}

test('every family of faults says which areas it exercises, and every scenario exercises some', () => {
  expect(
    Object.keys(injectors)
      .map(familyOf)
      .filter((family) => !isKnownFamily(family)),
  ).toEqual([]);
  expect(catalogue.filter((scenario) => areasOf(scenario).length === 0).map(({ name }) => name)).toEqual([]);
});

test('a suspicious entry calls for the scenarios of its area, with the reason', () => {
  const { called } = planned('fix(router): match by default without case #7');
  const flood = called.find(({ scenario }) => scenario === 'route-flood');
  expect(flood?.calledBy).toEqual([{ id: '1.1.0#7', because: expect.stringContaining('may break users') }]);
  expect(called.map(({ scenario }) => scenario)).not.toContain('none');
});

test('what says nothing calls for nothing, and an area that nothing exercises is named', () => {
  expect(planned('docs: words #1', 'feat(router): match by cookie #2').called).toEqual([]);
  expect(planned(':warning: change(tls): certificates are checked by default #3')).toMatchObject({
    called: [],
    uncovered: ['tls'],
  });
});

test('what is asked of the Admin API and of plugins is exercised by those who ask it', () => {
  const named = (area: Area): readonly string[] =>
    catalogue.filter((scenario) => areasOf(scenario).includes(area)).map(({ name }) => name);
  expect(named('admin-api')).toEqual(expect.arrayContaining(['admin-api', 'one-click-block']));
  expect(named('plugin')).toContain('plugins');
  expect(named('observability')).toContain('metrics-scraped');
  expect(named('etcd-sync')).toContain('churn-soak');
  expect(named('etcd-sync')).not.toContain('none');
});

test('a dependency of unknown effect calls for the whole suite', () => {
  expect(planned('Bump example.com/x/lib to v2.0.0 #1').called.map(({ scenario }) => scenario)).toEqual(
    catalogue.map(({ name }) => name),
  );
});
