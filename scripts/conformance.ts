/** `make conformance`: writes the conformance table of the watch proxy from what it answers now. */
import { writeFileSync } from 'node:fs';
import { hasEtcdctl } from '../test/conformance/etcdctl-rows.ts';
import { documentOf, runProgram } from '../test/conformance/program.ts';

const file = 'docs/WATCH-PROXY-CONFORMANCE.md';
if (!hasEtcdctl()) throw new Error('the table needs etcdctl on the PATH (Debian: apt-get install etcd-client)');
const results = await runProgram(true);
writeFileSync(file, documentOf(results));
for (const { row, direct, through, same } of results) {
  if (same) continue;
  process.stdout.write(`${row.area}, ${row.what} (${row.way}):\n  etcd:  ${JSON.stringify(direct).slice(0, 600)}\n`);
  process.stdout.write(`  proxy: ${JSON.stringify(through).slice(0, 600)}\n`);
}
process.stdout.write(`${results.length} requests, ${results.filter(({ same }) => same).length} the same: ${file}\n`);
