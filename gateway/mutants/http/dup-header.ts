/** A header that names the client is added beside the one that is there. */
import type { BoundPlugin } from '../../plugins/plugin.ts';
import type { Mutant } from '../mutant.ts';
import { withRouter } from '../router/with-router.ts';

const again: BoundPlugin = {
  name: 'dup-header',
  priority: 0,
  hooks: {
    rewrite(context) {
      context.upstreamHeaders.append('X-Real-IP', context.remoteAddress);
      return undefined;
    },
  },
};

export const dupHeader: Mutant = {
  name: 'dup-header',
  kind: 'known-bad',
  summary: 'the upstream gets X-Real-IP twice',
  corpus: 'R74',
  anchor: 'kubernetes/ingress-nginx#3920, kubernetes/ingress-nginx#789',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) => withRouter(seams, (router) => ({ globalPlugins: () => [...router.globalPlugins(), again] })),
};
