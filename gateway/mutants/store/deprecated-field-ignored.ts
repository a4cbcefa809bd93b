/** A field that is deprecated is not read any more. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from './with-objects.ts';

export const deprecatedFieldIgnored: Mutant = {
  name: 'deprecated-field-ignored',
  kind: 'known-bad',
  summary: 'enable_websocket is ignored, so that nobody can change to that protocol',
  corpus: 'R81',
  anchor: 'apache/apisix#7187',
  scenario: 'protocol-changes',
  subject: 'conformance',
  wrap: (seams) =>
    withObjects(seams, {
      before({ enable_websocket: _ignored, ...raw }) {
        return raw;
      },
    }),
};
