/** How often equal builds were told apart: by the judge, and by each rival on the same recordings. */
import { markdownTable, medianOf, shareOf } from './markdown-table.ts';
import type { StudySession } from './record.ts';

export function falseAlarmTables(sessions: readonly StudySession[]): string {
  const equal = sessions.filter(({ canary }) => canary === 'equal');
  const title = '### Equal builds\n\n';
  if (equal.length === 0) return `${title}No session of equal builds has been recorded on this host.\n`;
  const count = (...decisions: readonly string[]): string =>
    shareOf(equal.filter(({ decision }) => decisions.includes(decision)).length, equal.length);
  const ours = markdownTable(
    ['sessions of the quick suite', 'false REGRESSION', 'decided', 'INCONCLUSIVE', 'INVALID', 'median time'],
    [
      [
        String(equal.length),
        count('regression'),
        count('safe', 'regression', 'known-weakness'),
        count('inconclusive'),
        count('invalid'),
        `${medianOf(equal.map(({ seconds }) => seconds))} s`,
      ],
    ],
  );
  const named = equal.filter(({ decision }) => decision === 'regression').map(alarm);
  const list = named.length === 0 ? '' : `\nFalse alarms: ${named.join('; ')}.\n`;
  return `${title}${ours}${list}\n${rivalTable(sessions, equal)}`;
}

function alarm({ id, findings }: StudySession): string {
  const [first] = findings.filter(({ decision }) => decision === 'regression');
  return `\`${id}\` (${first?.subject ?? '?'} in ${first?.scenario ?? '?'})`;
}

function rivalTable(all: readonly StudySession[], equal: readonly StudySession[]): string {
  const names = [...new Set(all.flatMap(({ rivals }) => rivals.map(({ rival }) => rival)))];
  return markdownTable(
    ['rival', 'fails an equal canary', 'fails the twin, over all sessions'],
    names.map((name) => [`\`${name}\``, failed(equal, name, 'canary'), failed(all, name, 'twin')]),
  );
}

function failed(rows: readonly StudySession[], name: string, arm: 'canary' | 'twin'): string {
  const said = rows.flatMap(({ rivals }) => rivals.filter(({ rival }) => rival === name).map((each) => each[arm]));
  return shareOf(said.filter((decision) => decision === 'fail').length, said.length);
}
