/** Every change sorts all routes and builds the whole table anew, as a radix tree without incremental update must. */
import type { ConfigChange, Route } from '../config/config-objects.ts';
import type { Router } from '../routing/router.ts';
import type { Seams } from '../seams.ts';
import type { Mutant } from './mutant.ts';

function rebuilding(createRouter: Seams['createRouter']): Router {
  const routes = new Map<string, Route>();
  const others = new Map<string, ConfigChange>();
  let table = createRouter();
  const rebuild = (): void => {
    const sorted = [...routes.values()].toSorted((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
    const next = createRouter();
    next.apply([...others.values()]);
    next.apply(sorted.map((value) => ({ kind: 'route', op: 'put', id: value.id, value })));
    table = next;
  };
  return {
    apply(changes) {
      for (const change of changes) {
        if (change.kind !== 'route') others.set(`${change.kind}/${change.id}`, change);
        else if (change.op === 'put') routes.set(change.id, change.value);
        else routes.delete(change.id);
      }
      // A first load is one batch in every gateway; it is the single change afterwards that pays for the whole table.
      if (changes.length > 0) rebuild();
    },
    match: (request) => table.match(request),
    globalPlugins: () => table.globalPlugins(),
    upstream: (id) => table.upstream(id),
    routes: () => table.routes(),
  };
}

export const routerSortPerInsert: Mutant = {
  name: 'router-sort-per-insert',
  kind: 'known-bad',
  summary: 'every route change sorts and rebuilds the whole route table',
  corpus: 'R32',
  anchor: 'api7/lua-resty-radixtree#62, apache/apisix#4265',
  scenario: 'route-flood',
  subject: 'latency-p99',
  wrap: (seams) => ({ ...seams, createRouter: () => rebuilding(seams.createRouter) }),
};
