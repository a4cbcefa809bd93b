import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { entryOf } from '../../../harness/changelog/entry-text.ts';
import { label } from '../../../harness/changelog/labels/label.ts';
import type { LabelledEntry } from '../../../harness/model/changelog.ts';
import { evaluated, type GoldLine } from '../../../scripts/changelog-gold.ts';

const gold = JSON.parse(readFileSync(path.join(import.meta.dirname, 'gold.json'), 'utf8')) as {
  readonly entries: readonly (GoldLine & { readonly set: string })[];
};

function labelled(raw: string, section = ''): LabelledEntry {
  return label(entryOf({ version: '1.0.0', section, raw, file: 'CHANGELOG.md', line: 1 }));
}

describe('lines that a person labelled', () => {
  // Each set was labelled before the rules were first run on it; docs/CHANGELOG-CHECK.md says what they got then.
  it.each(['tuning', 'held-out', 'second', 'third'])('of the set %s get the same labels, almost always', (set) => {
    const { type, area, recall, precision, misses } = evaluated(gold.entries.filter((line) => line.set === set));
    process.stdout.write(`${set}: type ${type.hits}/${type.of}, area ${area.hits}/${area.of}, breaking ${recall.hits}/${recall.of} found, ${precision.hits}/${precision.of} right\n`); // prettier-ignore
    expect(type.hits / type.of, misses.join('\n')).toBeGreaterThanOrEqual(0.9);
    expect(area.hits / area.of, misses.join('\n')).toBeGreaterThanOrEqual(0.85);
    expect(recall.hits, misses.join('\n')).toBe(recall.of);
    expect(precision.hits / precision.of, misses.join('\n')).toBeGreaterThanOrEqual(0.8);
  });
});

describe('every label', () => {
  it('has a reason that quotes what gave it', () => {
    const { type, areas, breaking } = labelled(':warning: fix(etcd): refuse old revisions #1', 'Core');
    expect([type.value, areas[0].value, breaking.value]).toEqual(['fix', 'etcd-sync', 'marked']);
    expect(type.because).toContain('prefix: "fix"');
    expect(areas[0].because).toContain('scope: "etcd"');
    expect(breaking.because).toContain('mark: "warning"');
  });

  it('of a breaking change is not given to what is only written about one', () => {
    expect(labelled('docs: a note on the breaking change of 1.0').breaking.value).toBe('no');
    expect(labelled('feat: routes by name. Breaking change: see the guide').breaking.value).toBe('marked');
  });

  it('says when nothing in a line tells', () => {
    const { type, areas, breaking, claims } = labelled('Sundry');
    expect([type.because, areas[0].because]).toEqual([
      'nothing says what kind of change it is',
      'no word names a part of a gateway',
    ]);
    expect([breaking.value, claims]).toEqual(['no', []]);
  });
});

describe('a claim', () => {
  it.each([
    [
      'perf(router): 30 % faster matching',
      [
        ['latency-p99', 'better', 0.7],
        ['write-visible-delay', 'better', 0.7],
      ],
    ],
    [
      'perf(router): look-ups are 4x faster',
      [
        ['latency-p99', 'better', 0.25],
        ['write-visible-delay', 'better', 0.25],
      ],
    ],
    ['feat(router): more exact matching, at up to 20 % higher latency', [['latency-p99', 'worse', 1.2]]],
    ['fix(etcd): follow the right revision', [['no-lost-update', 'better', undefined], ['converge', 'better', undefined], ['serve-last-good', 'better', undefined]]], // prettier-ignore
    ['refactor: no functional change in the router', [['latency-p99', 'same', undefined], ['error-share', 'same', undefined], ['write-visible-delay', 'same', undefined]]], // prettier-ignore
    ['fix(etcd): events lost after compaction', [['no-lost-update', 'better', undefined]]],
    ['fix(etcd): a worker never recovers from a reset', [['converge', 'better', undefined]]],
    ['fix(etcd): all routes are 404 after a reset', [['serve-last-good', 'better', undefined]]],
    ['feat(router): match by cookie', []],
    ['Bump example.com/x/net to v2.51.0', []],
  ])('%s', (raw, claims) => {
    expect(labelled(raw).claims.map(({ subject, direction, size }) => [subject, direction, size])).toEqual(claims);
  });
});
