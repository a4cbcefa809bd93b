/** A prefix stands for what is below it, and for that only when it is written without a slash at the end. */
import type { Mutant } from '../mutant.ts';
import { withRouter } from './with-router.ts';

export const trailingSlashStrict: Mutant = {
  name: 'trailing-slash-strict',
  kind: 'known-bad',
  summary: 'requests with a slash at the end are answered 404 on prefix routes',
  corpus: 'R43',
  anchor: 'kubernetes/ingress-nginx#6389, kubernetes/ingress-nginx#6463',
  scenario: 'request-paths',
  subject: 'conformance',
  wrap: (seams) =>
    withRouter(seams, (router) => ({
      match(request) {
        const found = router.match(request);
        const byPrefix = found?.route.uris.every((uri) => uri.endsWith('*')) === true;
        return byPrefix && request.path !== '/' && request.path.endsWith('/') ? undefined : found;
      },
    })),
};
