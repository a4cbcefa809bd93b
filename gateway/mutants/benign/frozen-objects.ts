/** Benign: each object is frozen when it is read, which costs a little and changes nothing. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';

export const frozenObjects: Mutant = {
  name: 'frozen-objects',
  kind: 'benign',
  summary: 'objects of the configuration are frozen when they are read',
  corpus: '-',
  anchor: '-',
  scenario: '-',
  subject: '-',
  wrap: (seams) =>
    withObjects(seams, { after: { route: Object.freeze, upstream: Object.freeze, service: Object.freeze } }),
};
