/** docs/WATCH-PROXY.md with its section "Cost" as the committed records have it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sweepRows } from '../watch-fanout-sweep.ts';
import { fanoutRows } from '../watch-fanout.ts';
import { costSection } from './cost-section.ts';
import { plot } from './plot.ts';
import type { FanoutRecord } from './record.ts';

const docs = path.join(import.meta.dirname, '..', '..', 'docs');
const [begin, end] = ['<!-- cost: written by make docs from docs/data -->', '<!-- /cost -->'];

/** Where a record is committed. */
export function recordFile(name: 'watch-fanout' | 'watch-fanout-sweep'): string {
  return path.join(docs, 'data', `${name}.json`);
}

/** The files that are generated, by their path, with what they should contain. */
export function generated(): ReadonlyMap<string, string> {
  const [fanout, sweep] = [read('watch-fanout'), read('watch-fanout-sweep')];
  const rows = [...fanoutRows(fanout.rounds), ...sweepRows(sweep.rounds)];
  const section = costSection({ fanout, sweep, rows, plot: 'data/watch-fanout.svg' });
  const document = path.join(docs, 'WATCH-PROXY.md');
  const text = readFileSync(document, 'utf8');
  const [from, to] = [text.indexOf(begin), text.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${document} has no place for the section: ${begin} … ${end}`);
  return new Map([
    [document, `${text.slice(0, from)}${begin}\n${section}\n${text.slice(to)}`],
    [path.join(docs, 'data', 'watch-fanout.svg'), plot(sweep.rounds)],
  ]);
}

function read(name: Parameters<typeof recordFile>[0]): FanoutRecord {
  return JSON.parse(readFileSync(recordFile(name), 'utf8')) as FanoutRecord;
}
