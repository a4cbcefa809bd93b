/** A request that meets a connection which is gone fails with it, whoever else could serve it. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';
import { everyUpstream } from './every-upstream.ts';

export const noRetryOnStaleConn: Mutant = {
  name: 'no-retry-on-stale-conn',
  kind: 'known-bad',
  summary: 'a request that an upstream cuts off or refuses is not tried elsewhere',
  corpus: 'R67',
  anchor: 'Kong/kong#11160, Kong/kong#10165',
  scenario: 'rooms-failover',
  subject: 'error-share',
  wrap: (seams) => withObjects(seams, { after: everyUpstream((one) => ({ ...one, retries: 0 })) }),
};
