/** One line of the table with which `make soak` ends. */

export interface SoakRow {
  /** What was tried, and what has to hold each time. */
  readonly what: string;
  readonly wanted: number;
  readonly tried: number;
  /** How often it held. */
  readonly good: number;
  readonly seconds: number;
  /** What there was to be seen, in words. */
  readonly seen: string;
}

/** Fewer tries than were wanted are no proof either. */
export function held({ wanted, tried, good }: SoakRow): boolean {
  return wanted > 0 && tried === wanted && good === tried;
}

const columns: readonly (readonly [string, (row: SoakRow) => string])[] = [
  ['', (row) => (held(row) ? 'ok' : 'FAILED')],
  ['held', ({ good, tried }) => `${good} of ${tried}`],
  ['wanted', ({ wanted }) => String(wanted)],
  ['seconds', ({ seconds }) => String(Math.round(seconds))],
  ['what', ({ what }) => what],
  ['seen', ({ seen }) => seen],
];

/** Lines. */
export function soakTable(rows: readonly SoakRow[]): readonly string[] {
  const cells = [columns.map(([head]) => head), ...rows.map((row) => columns.map(([, cell]) => cell(row)))];
  const widths = columns.map((_column, at) => Math.max(...cells.map((line) => line[at]?.length ?? 0)));
  return cells.map((line) =>
    line
      .map((cell, at) => cell.padEnd(widths[at] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What `run` gives, with the seconds that it took. */
export async function timed(run: () => Promise<Omit<SoakRow, 'seconds'>>): Promise<SoakRow> {
  const startMs = performance.now();
  const row = await run();
  return { ...row, seconds: (performance.now() - startMs) / 1_000 };
}
