/** What `make fortnight` found, as it is kept and as docs/NIGHTLY.md tells it. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

export interface FortnightNight {
  readonly exit: number;
  /** Decision of its run, in lower case; null when it was not tried. */
  readonly decision: string | null;
  /** Alarms of the canary's drift, as the summary tells them; those that went away are none. */
  readonly alarms: readonly string[];
  readonly tookMs: number;
}

export interface Fortnight {
  readonly mutant: string;
  /** The first night whose canary carries it; from 1. */
  readonly firstBad: number;
  readonly day: string;
  readonly host: string;
  readonly nights: readonly FortnightNight[];
  /** Pictures in docs/, with what they show. */
  readonly pictures: readonly { readonly file: string; readonly shows: string }[];
}

const root = path.join(import.meta.dirname, '..');
export const fortnightFile: string = path.join(root, 'docs/data/fortnight.json');
export const nightlyDocument: string = path.join(root, 'docs/NIGHTLY.md');
const [begin, end] = ['<!-- fortnight: written by make docs from docs/data -->', '<!-- /fortnight -->'];

/** The document with its part about the fortnight written anew. */
export function nightlyText(record: Fortnight | undefined = readFortnight()): string {
  const whole = readFileSync(nightlyDocument, 'utf8');
  const [before = '', rest] = whole.split(begin);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`${nightlyDocument} has lost its marks ${begin} and ${end}`);
  return `${before}${begin}\n\n${record === undefined ? unknown : told(record)}\n${end}${after}`;
}

function readFortnight(): Fortnight | undefined {
  return existsSync(fortnightFile) ? (JSON.parse(readFileSync(fortnightFile, 'utf8')) as Fortnight) : undefined;
}

const unknown = 'It has not been run on this version yet.\n';

/** The first night in which an alarm rang; from 1. */
export function firstAlarm(nights: readonly FortnightNight[]): number | undefined {
  const index = nights.findIndex(({ alarms }) => alarms.length > 0);
  return index === -1 ? undefined : index + 1;
}

function told({ mutant, firstBad, day, host, nights, pictures }: Fortnight): string {
  const first = firstAlarm(nights);
  const minutes = Math.round(nights.reduce((sum, { tookMs }) => sum + tookMs, 0) / 60_000);
  const rang = first === undefined ? 'no alarm rang' : `the first alarm rang in night ${first}`;
  const rows = nights.map(
    ({ exit, decision, alarms }, i) =>
      `| ${i + 1} | ${exit} | ${decision ?? 'not tried'} | ${alarms.length === 0 ? '' : 'rings'} |`,
  );
  const [words] = nights[(first ?? 0) - 1]?.alarms ?? [];
  return [
    `Last run on ${day} on ${host}: ${nights.length} nights in ${minutes} minutes; the canary carries \`${mutant}\` from night ${firstBad} on, and ${rang}.`,
    ...(words === undefined ? [] : ['', `> ${words}`]),
    '',
    '| night | exit | verdict of the night alone | trend alarm |',
    '| ---: | ---: | --- | --- |',
    ...rows,
    ...pictures.flatMap(({ file, shows }) => ['', `${shows}:`, '', `![${shows}](${file})`]),
    '',
  ].join('\n');
}
