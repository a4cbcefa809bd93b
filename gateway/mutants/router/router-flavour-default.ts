/** The default is another kind of router: paths decide first, and hosts are only a condition. */
import { allOf } from '../../routing/condition.ts';
import type { Mutant } from '../mutant.ts';
import { withObjects } from '../store/with-objects.ts';

function isHost(wanted: string, host: string): boolean {
  return wanted.startsWith('*') ? host.endsWith(wanted.slice(1)) : host === wanted;
}

export const routerFlavourDefault: Mutant = {
  name: 'router-flavour-default',
  kind: 'known-bad',
  summary: 'a more specific path wins over the host that was asked for',
  corpus: 'R38',
  anchor: 'apache/apisix#9047',
  scenario: 'route-matching',
  subject: 'conformance',
  wrap: (seams) =>
    withObjects(seams, {
      after: {
        route(route) {
          if (route.hosts.length === 0) return route;
          const { hosts } = route;
          const onHost = (request: { variable(name: string): string | undefined }): boolean =>
            hosts.some((wanted) => isHost(wanted, request.variable('host') ?? ''));
          return { ...route, hosts: [], condition: allOf([onHost, route.condition]) };
        },
      },
    }),
};
