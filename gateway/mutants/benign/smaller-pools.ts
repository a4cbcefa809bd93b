/** Benign: fewer idle connections are kept for each upstream node, still far more than a trial needs. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';
import { everyUpstream } from '../upstream/every-upstream.ts';

const usual = 128;

export const smallerPools: Mutant = {
  name: 'smaller-pools',
  kind: 'benign',
  summary: 'fewer idle connections to upstreams are kept',
  corpus: '-',
  anchor: '-',
  scenario: '-',
  subject: '-',
  dose: { unit: 'connections for each node', usual },
  wrap: (seams, size = usual) =>
    withObjects(seams, { after: everyUpstream((one) => ({ ...one, keepalive: { ...one.keepalive, size } })) }),
};
