/** What other canary judges would say of a session, as a table for people. */
import type { RivalVerdict, Said } from '../model/rivals.ts';
import { plain } from './plain.ts';

/** Lines without a line break at the end. */
export function renderRivals(rivals: readonly RivalVerdict[]): string {
  if (rivals.length === 0) return 'a run of one build has nothing that a rival could compare';
  const rows = rivals.map(({ rival, canary, twin }) => [rival, cell(canary), cell(twin)] as const);
  const head = ['rival', 'of the canary', 'of the twin (the same build as stable)'] as const;
  const width = (column: 0 | 1): number => Math.max(...[head, ...rows].map((row) => row[column].length));
  const line = ([name, canary, twin]: readonly [string, string, string]): string =>
    `${name.padEnd(width(0))}  ${canary.padEnd(width(1))}  ${twin}`;
  const rules = rivals.map(({ rival, rule }) => `${rival.padEnd(width(0))}  ${rule}`);
  return [line(head), ...rows.map(line), '', ...rules].join('\n');
}

function cell({ decision, why }: Said): string {
  // It names scenarios, which a file of the user's may have named.
  return plain(`${decision} (${why})`);
}
