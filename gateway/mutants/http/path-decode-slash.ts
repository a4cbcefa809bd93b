/** The upstream gets the path as it was decoded for matching. */
import type { Mutant } from '../mutant.ts';
import { onRequests } from './on-requests.ts';

export const pathDecodeSlash: Mutant = {
  name: 'path-decode-slash',
  kind: 'known-bad',
  summary: 'an encoded slash reaches the upstream as a slash',
  corpus: 'R40',
  anchor: 'apache/apisix#13626, apache/apisix#5654',
  scenario: 'request-paths',
  subject: 'conformance',
  wrap: (seams) =>
    onRequests(seams, (request) => {
      request.url = (request.url ?? '').replaceAll(/%2f/gi, '/');
    }),
};
