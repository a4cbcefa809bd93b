/** A route table that cannot be changed, only built anew of all that it holds. */
import type { ConfigChange, Route } from '../../config/config-objects.ts';
import type { Router } from '../../routing/router.ts';
import type { Seams } from '../../seams.ts';

export interface Rebuilding {
  /** Takes the changes up; the table does not know of them yet. */
  readonly hold: (change: ConfigChange) => void;
  readonly rebuild: () => void;
  /** Without `apply`; of the table as it was last built. */
  readonly router: Omit<Router, 'apply'>;
}

export function rebuilding(createRouter: Seams['createRouter']): Rebuilding {
  const routes = new Map<string, Route>();
  const others = new Map<string, ConfigChange>();
  let table = createRouter();
  return {
    hold(change) {
      if (change.kind !== 'route') others.set(`${change.kind}/${change.id}`, change);
      else if (change.op === 'put') routes.set(change.id, change.value);
      else routes.delete(change.id);
    },
    rebuild() {
      const sorted = [...routes.values()].toSorted((a, b) => b.priority - a.priority || (a.id < b.id ? -1 : 1));
      const next = createRouter();
      next.apply([...others.values()]);
      next.apply(sorted.map((value) => ({ kind: 'route', op: 'put', id: value.id, value })));
      table = next;
    },
    router: {
      match: (request) => table.match(request),
      globalPlugins: () => table.globalPlugins(),
      upstream: (id) => table.upstream(id),
      routes: () => table.routes(),
    },
  };
}
