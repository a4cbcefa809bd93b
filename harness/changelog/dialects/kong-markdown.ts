/**
 * Kong: `### Fixes` with `#### Plugins` below, lines that go on over several, `**Plugin**:` before a line. Since 3.4 all of
 * it is a level deeper, below the name of the product, and each version has a file of its own that only its name tells.
 */
import { type Dialect, markdownOfOneRelease } from './dialect.ts';

export const kongMarkdown: Dialect = {
  name: 'kong',
  recognises: ({ text }) => /^#{4,5} (?:Core|Plugins?|PDK|Balancer|Admin API|Kong Manager|Clustering)$/im.test(text),
  parse: markdownOfOneRelease,
};
