/** Tables that a keyboard can scroll, a screen reader can name, and that end before the page gets too long. */
import { markup, type Content, type Markup } from './markup.ts';

export interface Table {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly Content[])[];
  /** Rows shown at most. */
  readonly limit?: number;
  /** Where the rest is to be found, such as `verdict.json`. */
  readonly rest?: string;
}

const usualLimit = 40;

export function table({ caption, head, rows, limit = usualLimit, rest = 'verdict.json' }: Table): Markup {
  const more = rows.length - limit;
  return markup`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<caption>${caption}</caption>
<thead><tr>${head.map((cell) => markup`<th scope="col">${cell}</th>`)}</tr></thead>
<tbody>${rows.slice(0, limit).map(row)}</tbody>
</table></div>
${more > 0 ? markup`<p class="more">and ${more} more, see <code>${rest}</code></p>` : undefined}`;
}

function row([first, ...cells]: readonly Content[]): Markup {
  return markup`<tr><th scope="row">${first}</th>${cells.map((cell) => markup`<td>${cell}</td>`)}</tr>\n`;
}

/** A part that is read only when wanted. In print `proof` is opened, and `data`, which a chart shows already, left out. */
export function folded(summary: string, content: Content, kind: 'proof' | 'data' = 'proof'): Markup {
  return markup`<details class="${kind}"><summary>${summary}</summary>${content}</details>`;
}
