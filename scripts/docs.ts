/** `make docs`: takes over what `bench/main.ts` last measured, where it has, and writes what is generated of it and of the code. */
import { copyFileSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generated, recordFile } from '../bench/fanout/document.ts';
import { generatedDashboards } from '../dashboards/grafana/index.ts';
import { scheduleFiles, schedulers } from '../harness/reporters/schedule.ts';
import { faultsDocument, faultsFile } from './fault-table.ts';
import { nightlyDocument, nightlyText } from './fortnight-record.ts';
import { judgeDocument, readStudy, studyDocument } from './study/document.ts';
import { trackRecord, trackRecordFile } from './track-record.ts';

const root = path.join(import.meta.dirname, '..');

for (const name of ['watch-fanout', 'watch-fanout-sweep'] as const) {
  const measured = path.join(root, '.bench', `${name}.json`);
  if (existsSync(measured)) copyFileSync(measured, recordFile(name));
}
const place = { folder: '/srv/gatecrash', program: '/srv/gatecrash/gatecrash' };
const examples = schedulers.flatMap((scheduler) =>
  scheduleFiles(scheduler, place).map(
    ({ name, text }) => [path.join(root, 'examples', scheduler, name), text] as const,
  ),
);
const dashboards = generatedDashboards().map(
  ([name, text]) => [path.join(root, 'dashboards', 'grafana', 'generated', name), text] as const,
);
const made = [
  ...generated(),
  [path.join(root, faultsFile), faultsDocument()] as const,
  [nightlyDocument, nightlyText()] as const,
  [judgeDocument, studyDocument(readStudy())] as const,
  [path.join(root, trackRecordFile), trackRecord()] as const,
  ...examples,
  ...dashboards,
];
for (const [file, text] of made) {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text);
  process.stdout.write(`${path.relative(root, file)}\n`);
}
