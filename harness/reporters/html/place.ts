/** Links from the page to lines of the evidence beside it. */
import { markup, type Markup } from './markup.ts';

/** Text that shows where it points, since browsers cannot jump to a line of a text file. */
export function place(file: string, line?: number): Markup {
  const short = file.split('/').slice(-2).join('/');
  return markup`<a href="${href(file)}">${short}${line === undefined ? undefined : `:${line}`}</a>`;
}

/** Relative to the page, whatever the name: `./` keeps a name with a colon from being a scheme. */
function href(file: string): string {
  return `./${file.toWellFormed().split('/').map(encodeURIComponent).join('/')}`;
}
