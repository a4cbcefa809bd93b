/** Links from the page to lines of the evidence beside it. */
import { markup, type Markup } from './markup.ts';

/** Text that shows where it points, since browsers cannot jump to a line of a text file. */
export function place(file: string, line?: number, text: string = shortened(file)): Markup {
  return markup`<a href="${href(file)}">${text}${line === undefined ? undefined : `:${line}`}</a>`;
}

/** The line alone, where the file was named before. */
export function lineOf(file: string, line: number): Markup {
  return markup`<a href="${href(file)}" aria-label="line ${line} of ${file}">${line}</a>`;
}

function shortened(file: string): string {
  return file.split('/').slice(-2).join('/');
}

/** Relative to the page, whatever the name: `./` keeps a name with a colon from being a scheme. */
function href(file: string): string {
  return `./${file.toWellFormed().split('/').map(encodeURIComponent).join('/')}`;
}
