/** The time limit of a request that has been answered is left running on a connection that has changed its protocol. */
import type { Mutant } from '../mutant.ts';
import { onUpgrades } from './on-requests.ts';

const usual = 300;

export const lingerKillsUpgraded: Mutant = {
  name: 'linger-kills-upgraded',
  kind: 'known-bad',
  summary: 'a WebSocket is closed a moment after it was opened',
  corpus: 'R78',
  anchor: 'traefik/traefik#10589, traefik/traefik#10595',
  scenario: 'protocol-changes',
  subject: 'conformance',
  // The real one was 2 s.
  dose: { unit: 'milliseconds', usual },
  wrap: (seams, ms = usual) =>
    onUpgrades(seams, (handle) => (request, upgrade, state) => {
      setTimeout(() => upgrade.socket.destroy(), ms);
      handle(request, upgrade, state);
    }),
};
