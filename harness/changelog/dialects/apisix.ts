/** Apache APISIX: `## 3.18.0`, `### Core`, conventional prefixes on half of the lines, `:warning:` for what breaks. */
import { type Dialect, markdown } from './dialect.ts';

export const apisix: Dialect = {
  name: 'apisix',
  recognises: ({ text }) =>
    /^\s{0,8}[-*] :(?:warning|sunrise|bug): ?/m.test(text) || /marked with :warning:/.test(text),
  parse: markdown,
};
