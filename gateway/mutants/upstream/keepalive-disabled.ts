/** The default of idle connections that are kept is written over with nothing. */
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';
import { everyUpstream } from './every-upstream.ts';

export const keepaliveDisabled: Mutant = {
  name: 'keepalive-disabled',
  kind: 'known-bad',
  summary: 'each request to an upstream opens a connection of its own',
  corpus: 'R65',
  anchor: 'apache/apisix#5054, nginx/nginx#1080',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) =>
    withObjects(seams, {
      after: everyUpstream((one) => ({ ...one, keepalive: { ...one.keepalive, idleTimeoutMs: 0 } })),
    }),
};
