/** The table in docs/WATCH-PROXY-CONFORMANCE.md is what is true now: the program runs again, and its rows must be those. */
import { readFileSync } from 'node:fs';
import { beforeAll, expect, test } from 'vitest';
import { hasEtcdctl } from '../../conformance/etcdctl-rows.ts';
import { type Result, runProgram, tableOf } from '../../conformance/program.ts';

const hasCtl = hasEtcdctl();
let results: readonly Result[];
beforeAll(async () => {
  results = await runProgram(hasCtl);
}, 480_000);

const documented = readFileSync('docs/WATCH-PROXY-CONFORMANCE.md', 'utf8').split('\n');
const rows = (lines: readonly string[], etcdctl: boolean): readonly string[] =>
  lines.filter((line) => line.startsWith('| ') && line.startsWith('| etcdctl |') === etcdctl);

test('the same client program has the same answers at etcd and through the proxy, as the document says', () => {
  const lines = tableOf(results).split('\n');
  expect(rows(lines, false), 'make conformance writes the document anew').toEqual(rows(documented, false));
});

test.skipIf(!hasCtl)(
  'etcdctl is told the same at etcd and through the proxy, as the document says (needs etcdctl)',
  () => {
    expect(rows(tableOf(results).split('\n'), true)).toEqual(rows(documented, true));
  },
);
