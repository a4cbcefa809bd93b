/**
 * `make changelog-eval GOLD=<file.json> DIR=<folder>`: how well lines of release notes are labelled, against labels that
 * people gave, and what the parser finds in the files of a folder. Both are optional. Ends with 1 when a goal is missed.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { dialectOf } from '../harness/changelog/dialects/index.ts';
import { label } from '../harness/changelog/labels/label.ts';
import { readNotes } from '../harness/changelog/read.ts';
import { readChangelogFiles } from '../harness/store/changelog-files.ts';
import { evaluated, type GoldLine, share } from './changelog-gold.ts';

const { GOLD: gold = '', DIR: folder = '' } = process.env;
const goals = { type: 0.9, area: 0.85, recall: 1, precision: 0.8 };
const wholeFileMs = 500;
let missed = 0;

function row(what: string, value: string, ok: boolean): void {
  missed += ok ? 0 : 1;
  process.stdout.write(`${ok ? 'ok     ' : 'MISSED '} ${what.padEnd(44)} ${value}\n`);
}

function showGold(file: string): void {
  const { entries } = JSON.parse(readFileSync(file, 'utf8')) as { readonly entries: readonly GoldLine[] };
  const found = evaluated(entries);
  for (const text of found.misses) process.stdout.write(`        ${text}\n`);
  for (const name of ['type', 'area', 'recall', 'precision'] as const) {
    const { hits, of } = found[name];
    const title = name === 'type' || name === 'area' ? name : `breaking ${name}`;
    row(
      `${title}, at least ${goals[name] * 100} %`,
      `${hits} of ${of} (${share(found[name])})`,
      of === 0 || hits / of >= goals[name],
    );
  }
}

/** Counts of each file, and the CPU time of reading and labelling all of it for the first time: others share the host. */
function showFile(file: string): void {
  const [read] = readChangelogFiles([file]);
  if (read === undefined || dialectOf(read) === undefined) return;
  const once = (): { ms: number; versions: number; bullets: number; entries: number; dialect: string } => {
    const started = process.cpuUsage();
    const { files, notes } = readNotes([read]);
    const labelled = notes.flatMap(({ entries }) => entries.map(label));
    const { user, system } = process.cpuUsage(started);
    const ms = (user + system) / 1_000;
    const [{ notes: own, dialect } = { notes: [], dialect: '' }] = files;
    return {
      ms,
      versions: own.length,
      bullets: own.reduce((sum, { bullets }) => sum + bullets, 0),
      entries: labelled.length,
      dialect,
    };
  };
  const { ms, versions, bullets, entries, dialect } = once();
  const again = once();
  const counts = `${versions} versions, ${bullets} bullets, ${entries} entries`;
  row(
    `${path.basename(file)} (${dialect})`,
    `${counts}, ${Math.round(ms)} ms (again ${Math.round(again.ms)} ms)`,
    ms <= wholeFileMs,
  );
}

if (gold === '' && folder === '')
  process.stdout.write('name a gold file (GOLD=…), a folder of release notes (DIR=…), or both\n');
for (const name of [gold, folder]) if (name !== '' && !existsSync(name)) row(name, 'is not there', false);
if (existsSync(gold)) showGold(gold);
if (existsSync(folder)) {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  for (const file of files.toSorted()) if (statSync(file).isFile()) showFile(file);
}
process.exitCode = missed === 0 && gold + folder !== '' ? 0 : 1;
