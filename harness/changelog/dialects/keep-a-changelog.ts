/** Keep a Changelog 1.1.0: `## [1.0.0] - 2024-01-15`, and Added, Changed, Deprecated, Removed, Fixed, Security. */
import { type Dialect, markdown } from './dialect.ts';

export const keepAChangelog: Dialect = {
  name: 'keep-a-changelog',
  recognises({ text }) {
    const used = text.matchAll(/^### (Added|Changed|Deprecated|Removed|Fixed|Security)\s{0,8}$/gm);
    return /keepachangelog\.com/.test(text) || new Set([...used].map((match) => match[1])).size > 1;
  },
  parse: markdown,
};
