/** `make docs`: takes over what `bench/main.ts` last measured, where it has, and writes what is generated of it and of the code. */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generated, recordFile } from '../bench/fanout/document.ts';
import { faultsDocument, faultsFile } from './fault-table.ts';
import { judgeDocument, readStudy, studyDocument } from './study/document.ts';

const root = path.join(import.meta.dirname, '..');

for (const name of ['watch-fanout', 'watch-fanout-sweep'] as const) {
  const measured = path.join(root, '.bench', `${name}.json`);
  if (existsSync(measured)) copyFileSync(measured, recordFile(name));
}
const made = [
  ...generated(),
  [path.join(root, faultsFile), faultsDocument()] as const,
  [judgeDocument, studyDocument(readStudy())] as const,
];
for (const [file, text] of made) {
  writeFileSync(file, text);
  process.stdout.write(`${path.relative(root, file)}\n`);
}
