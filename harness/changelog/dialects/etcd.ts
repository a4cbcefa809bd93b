/** etcd: a file for each minor version; the section names the component, and often the link's text is the sentence. */
import { type Dialect, markdown } from './dialect.ts';

export const etcd: Dialect = {
  name: 'etcd',
  recognises: ({ text }) =>
    /^### (?:etcd\b|Package `?[\w./-]{1,40}|Dependencies$)/m.test(text) && /^## v\d/m.test(text),
  parse: markdown,
};
