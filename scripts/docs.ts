/** `make docs`: takes over what `bench/main.ts` last measured, where it has, and writes what is generated from it. */
import { copyFileSync, existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { generated, recordFile } from '../bench/fanout/document.ts';

const root = path.join(import.meta.dirname, '..');

for (const name of ['watch-fanout', 'watch-fanout-sweep'] as const) {
  const measured = path.join(root, '.bench', `${name}.json`);
  if (existsSync(measured)) copyFileSync(measured, recordFile(name));
}
for (const [file, text] of generated()) {
  writeFileSync(file, text);
  process.stdout.write(`${path.relative(root, file)}\n`);
}
