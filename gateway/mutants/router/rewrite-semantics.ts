/** What a rewrite captures of the path is not put into its target. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';
import { rewritten } from './rewritten.ts';

export const rewriteSemantics: Mutant = {
  name: 'rewrite-semantics',
  kind: 'known-bad',
  summary: 'a path is rewritten to its target alone, without what was captured of it',
  corpus: 'R44',
  anchor: 'kubernetes/ingress-nginx#3920, kubernetes/ingress-nginx#3174',
  scenario: 'request-paths',
  subject: 'conformance',
  wrap: (seams) => withObjects(seams, { before: (raw) => rewritten(raw, (target) => target.replaceAll(/\$\d/g, '')) }),
};
