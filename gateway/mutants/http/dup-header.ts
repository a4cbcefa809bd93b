/** A header that names the client is added beside the one that is there. */
import type { Mutant } from '../mutant.ts';
import { onRequests } from './on-requests.ts';

export const dupHeader: Mutant = {
  name: 'dup-header',
  kind: 'known-bad',
  summary: 'the upstream gets X-Real-IP twice',
  corpus: 'R74',
  anchor: 'kubernetes/ingress-nginx#3920, kubernetes/ingress-nginx#789',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) =>
    onRequests(seams, (request) => {
      const value = request.headers['x-real-ip'];
      if (typeof value === 'string') request.rawHeaders.push('X-Real-IP', value);
    }),
};
