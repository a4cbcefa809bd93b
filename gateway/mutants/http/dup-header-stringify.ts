/** A header that came twice is a list, and the list is written as if it were a text. */
import type { Mutant } from '../mutant.ts';
import { onRequests, pairsOf, setHeaders } from './on-requests.ts';

export const dupHeaderStringify: Mutant = {
  name: 'dup-header-stringify',
  kind: 'known-bad',
  summary: 'of a header that came twice the upstream gets "[object Object]"',
  corpus: 'R75',
  anchor: 'apache/apisix#7215',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) =>
    onRequests(seams, (request) => {
      const pairs = pairsOf(request.rawHeaders);
      const byName = Map.groupBy(pairs, ([name]) => name.toLowerCase());
      const written = [...byName.values()].map(([first, ...more]) =>
        more.length === 0 ? (first ?? []) : [first?.[0] ?? '', '[object Object]'],
      );
      setHeaders(request, written.flat());
    }),
};
