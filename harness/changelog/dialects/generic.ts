/** Any other Markdown with a heading for each version and bullets below. */
import { headingVersion } from '../notes.ts';
import { scan } from '../scanner.ts';
import { type Dialect, markdown } from './dialect.ts';

export const generic: Dialect = {
  name: 'generic',
  recognises: ({ text }) =>
    scan(text).tokens.some(
      (token) => token.kind === 'heading' && headingVersion(token.text, token.level) !== undefined,
    ),
  parse: markdown,
};
