/** What is left of a path is joined to its new beginning with a slash, whether or not there was one. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';
import { rewritten } from './rewritten.ts';

export const pathJoin: Mutant = {
  name: 'path-join',
  kind: 'known-bad',
  summary: 'a rewritten path gets a slash that was not in it: /v1.0 becomes /v1/.0',
  corpus: 'R46',
  anchor: 'Kong/kong#5985',
  scenario: 'request-paths',
  subject: 'conformance',
  wrap: (seams) =>
    withObjects(seams, { before: (raw) => rewritten(raw, (target) => target.replaceAll(/([^/])(\$\d)/g, '$1/$2')) }),
};
