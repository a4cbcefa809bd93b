/** Hardening in a patch release: paths with certain encoded characters are refused. */
import type { Mutant } from '../mutant.ts';
import { answer, onRequests } from './on-requests.ts';

const refused = /%(?:2f|5c|00|3b|25|3f|23)/i;

export const rejectEncodedChars: Mutant = {
  name: 'reject-encoded-chars',
  kind: 'known-bad',
  summary: 'a path with an encoded slash, semicolon or per cent sign is answered 400',
  corpus: 'R41',
  anchor: 'traefik/traefik#12360, traefik/traefik#12540',
  scenario: 'request-paths',
  subject: 'conformance',
  wrap: (seams) =>
    onRequests(seams, (request, response, state) => {
      const [path = ''] = (request.url ?? '').split('?');
      return refused.test(path) ? answer(request, response, state, 400) : undefined;
    }),
};
