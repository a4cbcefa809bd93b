/** Tables and shares in docs/JUDGE.md. */
import { clopperPearson } from '../../harness/judge/statistics/clopper-pearson.ts';

export function markdownTable(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return line(head) + line(head.map(() => '---')) + rows.map(line).join('');
}

function line(cells: readonly string[]): string {
  return `| ${cells.join(' | ')} |\n`;
}

/** `0 of 60 (0 to 4.9 %)`: with the exact bounds, each at 95 %. */
export function shareOf(hits: number, tries: number): string {
  if (tries === 0) return 'none recorded';
  const { low, high } = clopperPearson(hits, tries, 0.05);
  return `${hits} of ${tries} (${(low * 100).toFixed(1)} to ${(high * 100).toFixed(1)} %)`;
}

export function medianOf(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted[Math.floor(sorted.length / 2)];
  return middle === undefined ? '-' : String(middle);
}
