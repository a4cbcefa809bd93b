/** What a client says of those before it is believed of trusted addresses only, of which there are none by default. */
import type { Mutant } from '../mutant.ts';
import { onRequests, pairsOf, setHeaders } from './on-requests.ts';

export const xffStripped: Mutant = {
  name: 'xff-stripped',
  kind: 'known-bad',
  summary: 'X-Forwarded headers of the client do not reach the upstream',
  corpus: 'R73',
  anchor: 'apache/apisix#12551, apache/apisix#13753',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) =>
    onRequests(seams, (request) => {
      const kept = pairsOf(request.rawHeaders).filter(([name]) => !/^x-forwarded-/i.test(name));
      setHeaders(request, kept.flat());
    }),
};
