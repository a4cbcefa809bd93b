/** Lines of release notes that people labelled, and how the classifier's labels compare. */
import { entryOf } from '../harness/changelog/entry-text.ts';
import { label } from '../harness/changelog/labels/label.ts';

/** One line as it is printed in its file, with the labels that a person gave it. */
export interface GoldLine {
  readonly id: string;
  readonly version?: string;
  readonly section?: string | null;
  readonly entry: string;
  readonly parent?: string | null;
  readonly label_type: string;
  readonly area: string;
  readonly breaking: boolean;
}

interface Count {
  readonly hits: number;
  readonly of: number;
}

export interface Evaluated {
  readonly type: Count;
  readonly area: Count;
  /** Of the lines that break users, those that are marked or suspected; and the other way round. */
  readonly recall: Count;
  readonly precision: Count;
  readonly misses: readonly string[];
}

export function evaluated(lines: readonly GoldLine[]): Evaluated {
  const told = lines.map((line) => ({ line, said: labelled(line) }));
  const count = (all: typeof told, hit: (one: (typeof told)[number]) => boolean): Count => ({
    hits: all.filter(hit).length,
    of: all.length,
  });
  const flagged = ({ said }: (typeof told)[number]): boolean => said.breaking.value !== 'no';
  return {
    type: count(told, ({ line, said }) => said.type.value === line.label_type),
    area: count(told, ({ line, said }) => said.areas[0].value === line.area),
    recall: count(
      told.filter(({ line }) => line.breaking),
      flagged,
    ),
    precision: count(told.filter(flagged), ({ line }) => line.breaking),
    misses: told.flatMap(({ line, said }) => missesOf(line, said)),
  };
}

export function share({ hits, of }: Count): string {
  return of === 0 ? 'none' : `${((hits / of) * 100).toFixed(0)} %`;
}

function labelled({ version = '0.0.0', section, entry, parent, id }: GoldLine): ReturnType<typeof label> {
  const nested = parent === undefined || parent === null ? {} : { parent };
  return label(
    entryOf({ version, section: section ?? '', raw: entry.replace(/^[-*] /, ''), ...nested, file: id, line: 1 }),
  );
}

function missesOf(
  { id, entry, label_type, area, breaking }: GoldLine,
  said: ReturnType<typeof label>,
): readonly string[] {
  const [{ value, because }] = said.areas;
  const text = `${id} ${entry.slice(0, 70)}`;
  return [
    ...(said.type.value === label_type
      ? []
      : [`type ${said.type.value}, not ${label_type}: ${text} [${said.type.because}]`]),
    ...(value === area ? [] : [`area ${value}, not ${area}: ${text} [${because}]`]),
    ...((said.breaking.value !== 'no') === breaking
      ? []
      : [`breaking ${said.breaking.value}: ${text} [${said.breaking.because}]`]),
  ];
}
