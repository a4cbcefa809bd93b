/** Release notes that a test writes, and what `gatecrash changelog` says of them. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { gatecrash, type Ran } from './cli.ts';

/** A file of two versions, 1.1.0 with these lines and the 1.0.0 before it. */
export function notesIn(folder: string, name: string, lines: readonly string[]): string {
  const file = path.join(folder, name);
  writeFileSync(file, `## 1.1.0\n\n${lines.map((line) => `- ${line}\n`).join('')}\n## 1.0.0\n\n- begun #1\n`);
  return file;
}

export function askChangelog(file: string, ...more: readonly string[]): Promise<Ran> {
  return gatecrash(['changelog', '--file', file, '--from', '1.0.0', '--to', '1.1.0', ...more]);
}
