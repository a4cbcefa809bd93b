/** The router of a worker, with some of its methods replaced. */
import type { Router } from '../../routing/router.ts';
import type { Seams } from '../../seams.ts';

export function withRouter(seams: Seams, change: (router: Router) => Partial<Router>): Seams {
  return {
    ...seams,
    createRouter() {
      const router = seams.createRouter();
      return { ...router, ...change(router) };
    },
  };
}
