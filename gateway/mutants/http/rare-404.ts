/** Now and then a request finds no route, although nothing was changed. */
import type { Mutant } from '../mutant.ts';
import { answer, onRequests } from './on-requests.ts';

const usual = 0.001;

export const rare404: Mutant = {
  name: 'rare-404',
  kind: 'known-bad',
  summary: 'a small share of the requests is answered 404',
  corpus: 'R89',
  anchor: 'apache/apisix#13033',
  scenario: 'none',
  subject: 'serve-last-good',
  dose: { unit: 'share of the requests', usual },
  wrap: (seams, share = usual) =>
    onRequests(seams, (request, response, state) =>
      Math.random() < share ? answer(request, response, state, 404) : undefined,
    ),
};
