/** Patterns are compiled by another engine, which knows neither look-around nor back-references. */
import type { Mutant } from '../mutant.ts';
import { refuse, withObjects } from '../store/with-objects.ts';

const unknown = /\(\?(?:[=!]|<[=!])|\\\\[1-9]/;

export const regexEngineSwap: Mutant = {
  name: 'regex-engine-swap',
  kind: 'known-bad',
  summary: 'routes whose patterns look ahead are refused',
  corpus: 'R45',
  anchor: 'Kong/kubernetes-ingress-controller#2876, Kong/kong#9389',
  scenario: 'route-matching',
  subject: 'conformance',
  wrap: (seams) =>
    withObjects(seams, {
      before(raw) {
        if (unknown.test(JSON.stringify(raw))) refuse('look-around is not supported');
        return raw;
      },
    }),
};
