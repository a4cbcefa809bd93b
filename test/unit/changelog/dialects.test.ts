import { describe, expect, it } from 'vitest';
import { dialects } from '../../../harness/changelog/dialects/index.ts';
import type { Entry } from '../../../harness/model/changelog.ts';
import { fixture, written } from './fixture.ts';

/** `version state bullets entries` of each version of a fixture. */
const counts: readonly (readonly [file: string, dialect: string, versions: readonly string[]])[] = [
  ['apisix.md', 'apisix', ['2.1.0 listed 9 6', '2.0.2 elsewhere 0 0', '2.0.1 listed 1 1', '2.0.0 listed 3 2']],
  ['traefik.md', 'traefik', ['3.1.1 listed 3 3', '2.9.9 listed 1 1', '3.1.0 cancelled 0 0', '3.1.0-rc1 listed 1 1', '2.9.8 listed 1 1', '3.0.0 listed 1 1']], // prettier-ignore
  ['kong.md', 'kong', ['3.2.0 listed 3 3']],
  ['kong-3.7.0.md', 'kong', ['3.7.0 listed 2 2']],
  ['kong-yaml', 'kong-yaml', ['3.9.0 listed 2 2']],
  ['envoy', 'envoy-yaml', ['1.32.0 listed 3 3']],
  ['etcd.md', 'etcd', ['3.6.1 listed 4 4', '3.6.0 listed 1 1']],
  ['nginx.txt', 'nginx-text', ['1.27.1 listed 2 2', '1.27.0 listed 1 1']],
  ['nginx.xml', 'nginx-xml', ['1.27.1 listed 1 1', '1.27.0 listed 1 1']],
  ['keep-a-changelog.md', 'keep-a-changelog', ['Unreleased listed 1 1', '1.1.0 listed 2 2', '1.0.0 listed 1 1']],
  ['github-release-v1.4.0.md', 'github-release', ['1.4.0 listed 2 2']],
  ['commits-2.0.0.txt', 'conventional-commits', ['2.0.0 listed 3 3']],
  ['generic.md', 'generic', ['0.2.0 listed 2 2', '0.1.0 listed 1 1']],
];

describe('every dialect', () => {
  it.each(counts)('%s is told to be %s, and nothing of it is lost', (file, dialect, versions) => {
    const { files, notes } = fixture(file);
    expect(new Set(files.map((one) => one.dialect))).toEqual(new Set([dialect]));
    expect(notes.map((one) => `${one.version} ${one.state} ${one.bullets} ${one.entries.length}`)).toEqual(versions);
  });

  it('has a fixture', () => {
    const had = new Set(counts.map(([, dialect]) => dialect));
    expect([...had].toSorted()).toEqual(dialects.map(({ name }) => name).toSorted());
  });
});

function entry(file: string, id: string): Entry | undefined {
  return fixture(file)
    .notes.flatMap(({ entries }) => entries)
    .find((one) => one.id === id);
}

describe('a line', () => {
  it.each([
    ['apisix.md', '2.1.0#31', { text: 'refuse a route without a path. Routes that were stored before stay as they are.', marks: ['warning'], prefix: 'fix', scope: 'admin', section: 'Change' }], // prettier-ignore
    ['apisix.md', '2.1.0#32', { text: 'Moved the settings of the control port: control_port control_host' }],
    ['apisix.md', '2.1.0#33+34', { text: 'Support two watches on one connection', prs: [33, 34], marks: ['sunrise'] }],
    ['apisix.md', '2.1.0#38', { text: 'sort routes once', prefix: 'perf' }],
    ['apisix.md', '2.1.0:L42', { text: 'In version 3.0 the old router goes', section: 'In the next version' }],
    ['apisix.md', '2.0.0#1', { text: 'routes by host', parent: 'Several of these' }],
    [
      'traefik.md',
      '3.1.1#41',
      { text: 'Set default timeout to 5s', tags: ['server', 'k8s/crd'], section: 'Bug fixes' },
    ],
    ['traefik.md', '3.1.1#42', { text: 'Revert "Pool of buffers"' }],
    ['traefik.md', '3.1.1#43', { section: 'Documentation' }],
    ['traefik.md', '3.0.0#12', { text: 'Routes for streams (someone)' }],
    ['kong.md', '3.2.0#101', { text: 'Cookies are renewed at half of their life instead of at its end.', tags: ['session'], section: 'Breaking Changes / Plugins' }], // prettier-ignore
    ['kong.md', '3.2.0#102', { text: 'Fixed a watch that never came back after the data plane lost its link. A second paragraph of the same bullet.' }], // prettier-ignore
    [
      'kong-3.7.0.md',
      '3.7.0#202',
      { text: 'Fixed a router that lost its last route.', section: 'Kong / Fixes / Core' },
    ],
    ['kong-yaml', '3.9.0/fix-balancer.yml', { text: 'Fixed an issue where the balancer kept targets of a deleted upstream.', section: 'bugfix / Core' }], // prettier-ignore
    ['envoy', '1.32.0/bug_fixes/2', { text: 'Fixed a stall of delta subscriptions after a reconnect.', tags: ['xds'], section: 'bug fixes' }], // prettier-ignore
    ['etcd.md', '3.6.1#7001', { text: 'Fix watch that loses events after compaction', section: 'etcd server' }],
    ['nginx.txt', '1.27.1:L7', { text: 'upstream connections might hang during reload; the bug had appeared in 1.27.0.', section: 'Bugfix' }], // prettier-ignore
    ['nginx.xml', '1.27.1:L6', { text: 'upstream connections might hang during reload & restart.', section: 'bugfix' }],
    ['github-release-v1.4.0.md', '1.4.0#72', { text: 'Reload without losing requests', section: "What's Changed / Other Changes" }], // prettier-ignore
    ['commits-2.0.0.txt', '2.0.0#82', { text: 'match hosts before paths', prefix: 'feat!', scope: 'router' }],
  ] as const)('of %s, %s, is read as it is meant', (file, id, meant) => {
    expect(entry(file, id)).toMatchObject(meant);
  });

  it.each([
    ['- [x] [#5](https://github.com/example/gateway/pull/5) Reload twice', { text: 'Reload twice', prs: [5] }],
    ['- `0a1b2c3d` fix(etcd): follow again', { text: 'follow again', prefix: 'fix', scope: 'etcd' }],
    ['- `0a1b2c3d` follow again', { text: 'follow again' }],
    ['- [ ] an unticked one', { text: 'an unticked one' }],
  ])('that begins with a box or a hash says what comes after it: %s', (line, meant) => {
    expect(written(`## 1.0.0\n\n${line}\n`).notes[0]?.entries[0]).toMatchObject(meant);
  });

  it('listed twice in one version has an id of its own each time', () => {
    const ids = fixture('kong.md').notes.flatMap(({ entries }) => entries.map(({ id }) => id));
    expect(ids).toEqual(['3.2.0#101', '3.2.0#102', '3.2.0#102.2']);
  });

  it('says what a version without a line is', () => {
    const [, elsewhere] = fixture('apisix.md').notes;
    expect(elsewhere?.note).toContain('release/2.0');
    expect(written('## 1.1.0\n\n## 1.0.0\n- begun\n').notes.map(({ state }) => state)).toEqual(['empty', 'listed']);
    expect(written('## 1.1.0\nSame changelog as v1.0.9\n## 1.0.0\n- begun\n').notes[0]?.state).toBe('same-as-another');
  });
});
