/** What every page of `gatecrash serve` stands in. */
import { createHash } from 'node:crypto';
import { type SeriesName, seriesWords } from '../../model/run-record.ts';
import { type Content, type Markup, markup, trusted } from '../html/markup.ts';
import { style } from '../html/style.ts';

/** Shows what the server sends; where it cannot be reached, the page says so and goes on asking. */
const script = `
const part = document.getElementById('live');
const link = document.getElementById('link');
const events = new EventSource('/events');
events.onmessage = (event) => { part.innerHTML = event.data; link.textContent = ''; };
events.onerror = () => { link.textContent = 'The server cannot be reached; what you see may be old.'; };
`;

const pages = [
  ['/', 'Live'],
  ['/history', 'History'],
  ['/trends', 'Trends'],
] as const;

/** The policy that the server sends with every page of ours. */
export function securityPolicy(): string {
  const hash = createHash('sha256').update(script).digest('base64');
  const own = [
    `default-src 'none'`,
    `style-src '${style().hash}'`,
    `script-src 'sha256-${hash}'`,
    `connect-src 'self'`,
    `img-src 'self'`,
  ];
  return [...own, `base-uri 'none'`, `form-action 'self'`, `frame-ancestors 'none'`].join('; ');
}

/** What a page has beside its own content. */
interface Around {
  /** It shows what the server sends. */
  readonly live?: boolean;
  /** Alarms that stand. */
  readonly alarms?: readonly SeriesName[];
}

export function shell(title: string, content: Content, { live = false, alarms = [] }: Around = {}): string {
  const links = pages.map(([href, name]) =>
    name === title
      ? markup`<a href="${href}" aria-current="page">${name}</a> `
      : markup`<a href="${href}">${name}</a> `,
  );
  return markup`<!doctype html>
<html lang="en"><head><meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark"><meta name="referrer" content="no-referrer">
<title>${title}, gatecrash</title>
<style>${trusted(style().css)}</style></head>
<body><header><p class="product">gatecrash</p><nav aria-label="pages">${links}</nav><h1>${title}</h1>${alarmLine(alarms)}</header>
<main>${content}</main>
${live ? followed() : undefined}</body></html>
`.markup;
}

/** Whoever looks in the morning looks at no trend unless told to. */
function alarmLine(alarms: readonly SeriesName[]): Markup | undefined {
  if (alarms.length === 0) return undefined;
  const names = [...new Set(alarms.map(seriesWords))].join(', ');
  return markup`<p><strong class="badge regression"><span aria-hidden="true">!</span> TREND ALARM</strong>
over the nights: <a href="/trends">${names}</a></p>`;
}

function followed(): Markup {
  return markup`<p id="link" role="status"></p><script>${trusted(script)}</script>`;
}
