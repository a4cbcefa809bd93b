/** How often regressions of a known size were found: by the judge, and by each rival on the same recordings. */
import { doses } from '../../gateway/mutants/doses.ts';
import { doseDetectedWith } from './logistic.ts';
import { markdownTable, medianOf, shareOf } from './markdown-table.ts';
import type { StudySession } from './record.ts';

type Dose = (typeof doses)[number];

export function doseTables(sessions: readonly StudySession[]): string {
  const title = '### Regressions of a known size\n\n';
  const tried = doses.filter(({ name }) => sessions.some(({ canary }) => canary === name));
  if (tried.length === 0) return `${title}No session with a dose has been recorded on this host.\n`;
  const of = ({ name }: Dose): readonly StudySession[] => sessions.filter(({ canary }) => canary === name);
  const rivals = [...new Set(sessions.flatMap((session) => session.rivals.map(({ rival }) => rival)))];
  const rows = tried.map((dose) => {
    const own = of(dose);
    const right = own.filter((session) => names(session, dose.subject)).length;
    const found = own.filter(isFound);
    return [
      `\`${dose.name}\``,
      dose.subject,
      shareOf(found.length, own.length),
      `${right}`,
      medianOf(found.map(({ blocks }) => blocks)),
      medianOf(found.map(({ seconds }) => seconds)),
      ...rivals.map((name) => `${own.filter((session) => failedBy(session, name)).length}`),
    ];
  });
  const columns = [
    'dose',
    'of',
    'REGRESSION',
    'with it named',
    'blocks',
    'seconds',
    ...rivals.map((name) => `\`${name}\``),
  ];
  return `${title}${markdownTable(columns, rows)}\n${curves(tried, of, rivals)}`;
}

function isFound({ decision }: StudySession): boolean {
  return decision === 'regression';
}

function names({ findings }: StudySession, subject: string): boolean {
  return findings.some((finding) => finding.subject === subject && finding.decision === 'regression');
}

function failedBy({ rivals }: StudySession, name: string): boolean {
  return rivals.some(({ rival, canary }) => rival === name && canary === 'fail');
}

/** The doses that are found in 80 % and 95 % of sessions, by kind, where the sessions fix a curve: ours, and what each rival finds. */
function curves(
  tried: readonly Dose[],
  of: (dose: Dose) => readonly StudySession[],
  rivals: readonly string[],
): string {
  const kinds = Map.groupBy(tried, ({ subject }) => subject);
  const rows = [...kinds].map(([subject, own]) => {
    const found = (chance: number, isHit: (session: StudySession) => boolean): string => {
      const counts = own.map((dose) => {
        const all = of(dose);
        return { dose: sizeOf(dose), detected: all.filter(isHit).length, sessions: all.length };
      });
      return words(doseDetectedWith(chance, counts));
    };
    const theirs = rivals.map((name) => found(0.8, (session) => failedBy(session, name)));
    return [subject, unitOf(own[0]), found(0.8, isFound), found(0.95, isFound), ...theirs];
  });
  return markdownTable(['of', 'dose in', 'MDE80', 'MDE95', ...rivals.map((name) => `\`${name}\` MDE80`)], rows);
}

function words(dose: number | undefined): string {
  return dose === undefined ? 'too few sessions to fit' : String(Number(dose.toPrecision(2)));
}

/** The size in a dose's name: rising with the harm, so `1in50` is 2 %. */
function sizeOf({ name }: Dose): number {
  const [, one, size] = /(1in)?(\d+)\D*$/.exec(name) ?? [];
  return one === undefined ? Number(size) : 100 / Number(size);
}

function unitOf(dose: Dose | undefined): string {
  const name = dose?.name ?? '';
  if (name.includes('1in')) return '% of requests or changes';
  return /[a-z]+$/.exec(name)?.[0] ?? '';
}
