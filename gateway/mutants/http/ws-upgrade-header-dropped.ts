/** Hop-by-hop headers are dropped before anybody asks what is wanted, unless they are written in the usual way. */
import { responseOn } from '../../proxy/upgrade.ts';
import type { Mutant } from '../mutant.ts';
import { onUpgrades } from './on-requests.ts';

export const wsUpgradeHeaderDropped: Mutant = {
  name: 'ws-upgrade-header-dropped',
  kind: 'known-bad',
  summary: 'with "Connection: keep-alive, Upgrade" the protocol is not changed',
  corpus: 'R77',
  anchor: 'Kong/kong#4718, traefik/traefik#7853',
  scenario: 'protocol-changes',
  subject: 'conformance',
  wrap: (seams) =>
    onUpgrades(seams, (handle) => (request, upgrade, state) => {
      if (request.headers.connection?.toLowerCase() === 'upgrade') handle(request, upgrade, state);
      else seams.handling.request(request, responseOn(request, upgrade), state);
    }),
};
