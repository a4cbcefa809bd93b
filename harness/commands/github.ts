/** Inside a GitHub workflow: annotations into the log, and the summary onto the page of the job. */
import { appendFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import type { Verdict } from '../model/verdict.ts';
import { annotations } from '../reporters/github.ts';
import { markdown } from '../reporters/markdown.ts';

/** Does nothing elsewhere. On stderr, which the runner reads too: stdout may carry JSON. */
export function tellGithub(folder: string, verdict: Verdict): void {
  if (process.env['GITHUB_ACTIONS'] !== 'true') return;
  process.stderr.write(annotations(verdict));
  addToJobPage(readFileSync(path.join(folder, markdown.file), 'utf8'));
}

export function addToJobPage(text: string): void {
  const page = process.env['GITHUB_STEP_SUMMARY'];
  if (page !== undefined && page !== '') appendFileSync(page, `${text}\n`);
}
