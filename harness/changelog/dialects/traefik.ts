/** Traefik: sections as bold text, `**[area, area]**` before a line, all release lines in one file, by date. */
import { type Dialect, markdown } from './dialect.ts';

export const traefik: Dialect = {
  name: 'traefik',
  recognises: ({ text }) =>
    /^\*\*(?:Bug fixes|Enhancements|Misc):\*\*$/m.test(text) || /^[-*] \*\*\[[a-z0-9/, -]{1,100}\]\*\* /m.test(text),
  parse: markdown,
};
