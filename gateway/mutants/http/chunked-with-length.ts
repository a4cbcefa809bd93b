/** A new HTTP stack frames answers without a body as if there were one. */
import type { Mutant } from '../mutant.ts';
import { onHead, onRequests, pairsOf } from './on-requests.ts';

export const chunkedWithLength: Mutant = {
  name: 'chunked-with-length',
  kind: 'known-bad',
  summary: 'the answer to HEAD says chunked where the upstream told a length',
  corpus: 'R79',
  anchor: 'traefik/traefik#11442, traefik/traefik#11246',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) =>
    onRequests(seams, (request, response) => {
      if (request.method !== 'HEAD') return;
      onHead(response, (headers) => [
        ...pairsOf(headers)
          .filter(([name]) => name.toLowerCase() !== 'content-length')
          .flat(),
        'transfer-encoding',
        'chunked',
      ]);
    }),
};
