/** Kong up to 3.x: `### Fixes` with `#### Plugins` below, lines that go on over several, `**Plugin**:` before a line. */
import { type Dialect, markdown } from './dialect.ts';

export const kongMarkdown: Dialect = {
  name: 'kong',
  recognises: ({ text }) => /^#### (?:Core|Plugins?|PDK|Balancer|Admin API|Kong Manager|Clustering)$/im.test(text),
  parse: markdown,
};
