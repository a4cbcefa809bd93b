/** Paths are matched by a pattern whose dot is not a line break. */
import type { Mutant } from '../mutant.ts';
import { withRouter } from './with-router.ts';

export const regexDotNewline: Mutant = {
  name: 'regex-dot-newline',
  kind: 'known-bad',
  summary: 'a path with an encoded line break is answered 404',
  corpus: 'R40',
  anchor: 'apache/apisix#4547',
  scenario: 'request-paths',
  subject: 'conformance',
  wrap: (seams) =>
    withRouter(seams, (router) => ({
      match: (request) => (/%0[ad]/i.test(request.path) ? undefined : router.match(request)),
    })),
};
