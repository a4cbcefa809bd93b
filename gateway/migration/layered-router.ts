/** Light-mixing migration: hosts of the static configuration are answered from it, all others from etcd. */
import type { Route } from '../config/config-objects.ts';
import { type Router, createRouter } from '../routing/router.ts';

/** Without static routes it is the dynamic router itself. */
export function layered(fixed: readonly Route[], dynamic: Router): Router {
  if (fixed.length === 0) return dynamic;
  const first = createRouter();
  first.apply(fixed.map((value) => ({ kind: 'route', op: 'put', id: value.id, value })));
  // A known host is answered here in full: a path that none of its locations takes is 404, as nginx has it, and never
  // by chance a route of etcd that is not meant for this host yet.
  const known = createRouter();
  const everywhere = fixed.map((route) => ({
    ...route,
    uris: ['/*'],
    methods: [],
    condition: undefined,
    enabled: true,
  }));
  known.apply(everywhere.map((value) => ({ kind: 'route', op: 'put', id: value.id, value })));
  return {
    apply: (changes) => dynamic.apply(changes),
    match: (request) => (known.match(request) === undefined ? dynamic : first).match(request),
    globalPlugins: () => dynamic.globalPlugins(),
    upstream: (id) => dynamic.upstream(id),
    *routes() {
      yield* first.routes();
      yield* dynamic.routes();
    },
  };
}
