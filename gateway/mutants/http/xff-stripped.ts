/** The addresses that a client names before its own count only from a trusted one, and by default none is. */
import type { Mutant } from '../mutant.ts';
import { onRequests, pairsOf, setHeaders } from './on-requests.ts';

export const xffStripped: Mutant = {
  name: 'xff-stripped',
  kind: 'known-bad',
  summary: 'the addresses before the client, in X-Forwarded-For, do not reach the upstream',
  corpus: 'R73',
  anchor: 'apache/apisix#12551, apache/apisix#13753',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) =>
    onRequests(seams, (request) => {
      const kept = pairsOf(request.rawHeaders).filter(([name]) => name.toLowerCase() !== 'x-forwarded-for');
      setHeaders(request, kept.flat());
    }),
};
