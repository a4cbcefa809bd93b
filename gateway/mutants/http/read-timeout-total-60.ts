/** A new default limits how long a request may take to arrive, however steadily it comes. */
import type { Mutant } from '../mutant.ts';
import { onRequests } from './on-requests.ts';

const usual = 500;

export const readTimeoutTotal60: Mutant = {
  name: 'read-timeout-total-60',
  kind: 'known-bad',
  summary: 'an upload that is slow to come is cut off',
  corpus: 'R78',
  anchor: 'traefik/traefik#10598, traefik/traefik#10601',
  scenario: 'http-messages',
  subject: 'conformance',
  // The real one was 60 s, which no trial lasts.
  dose: { unit: 'milliseconds', usual },
  wrap: (seams, ms = usual) =>
    onRequests(seams, (request) => {
      const cut = setTimeout(() => request.destroy(), ms);
      request.once('end', () => clearTimeout(cut)).once('close', () => clearTimeout(cut));
      if (request.headers['content-length'] === undefined && request.headers['transfer-encoding'] === undefined)
        clearTimeout(cut);
    }),
};
