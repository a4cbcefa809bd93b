/** A check that is new in this version refuses what older versions have written. */
import type { Mutant } from '../mutant.ts';
import { refuse, withObjects } from './with-objects.ts';

/** Lua writes an empty list as an empty object. */
function isEmptyTable(value: unknown): boolean {
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0;
}

export const strictSchemaDropsItem: Mutant = {
  name: 'strict-schema-drops-item',
  kind: 'known-bad',
  summary: 'routes with an empty "vars" or "plugins", which every older version served, are refused',
  corpus: 'R48',
  anchor: 'apache/apisix#4048, kubernetes/ingress-nginx#13092',
  scenario: 'old-data',
  subject: 'conformance',
  wrap: (seams) =>
    withObjects(seams, {
      before(raw, kind) {
        if (kind === 'route' && [raw['vars'], raw['plugins']].some(isEmptyTable)) refuse('/vars must not be empty');
        return raw;
      },
    }),
};
