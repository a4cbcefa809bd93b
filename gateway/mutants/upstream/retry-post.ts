/** A failed request goes to another node whatever its method. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';
import { everyUpstream } from './every-upstream.ts';

export const retryPost: Mutant = {
  name: 'retry-post',
  kind: 'known-bad',
  summary: 'a POST that an upstream has read is sent to another one',
  corpus: 'R69',
  anchor: 'istio/istio#13851, traefik/traefik#8990',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) => withObjects(seams, { after: everyUpstream((one) => ({ ...one, retryNonIdempotent: true })) }),
};
