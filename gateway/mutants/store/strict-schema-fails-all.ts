/** A check that is new in this version refuses old data, and one refusal ends the reading of all. */
import type { Mutant } from '../mutant.ts';
import { withStore } from './with-store.ts';

const old = /"(?:vars|plugins)":(?:\{\}|\[\])/;

export const strictSchemaFailsAll: Mutant = {
  name: 'strict-schema-fails-all',
  kind: 'known-bad',
  summary: 'one route of an older version keeps every route behind it from being read',
  corpus: 'R48',
  anchor: 'apache/apisix#4048, apache/apisix#10233',
  scenario: 'old-data',
  subject: 'conformance',
  wrap: (seams) =>
    withStore(seams, (clean) => ({
      replace(items) {
        const first = items.findIndex(({ value }) => value !== undefined && old.test(value.toString('utf8')));
        return clean.replace(first < 0 ? items : items.slice(0, first));
      },
    })),
};
