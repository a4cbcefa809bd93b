/** What the numbers of a pair did over the nights, into the report of its run of tonight. */
import { judge } from '../../judge/judge.ts';
import { openHistory } from '../../store/history/open-history.ts';
import { readEvidence } from '../../store/read-evidence.ts';
import { watched } from '../history/trends.ts';
import { saveTrends, writeReports } from '../verdict-output.ts';
import type { Pair, Suite } from './suite.ts';

export function tellTrends({ history, nightsBetweenAlarms }: Suite, { name }: Pair, folder: string): void {
  using database = openHistory(history);
  saveTrends(folder, watched(database, nightsBetweenAlarms, { pair: name }));
  writeReports(folder, judge(readEvidence(folder)), ['html']);
}
