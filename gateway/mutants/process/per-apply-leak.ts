/** Each configuration that comes into force starts a janitor, and none is ever ended. */
import type { Mutant } from '../mutant.ts';

const usual = 20;

function burn(us: number): void {
  const until = performance.now() + us / 1_000;
  while (performance.now() < until);
}

export const perApplyLeak: Mutant = {
  name: 'per-apply-leak',
  kind: 'known-bad',
  summary: 'each change of the configuration leaves work behind that never ends',
  corpus: 'R90',
  anchor: 'traefik/traefik#13584, traefik/traefik#6520',
  scenario: 'churn-soak',
  subject: 'cpu-per-request',
  dose: { unit: 'microseconds of work, ten times a second, for each change', usual },
  wrap: (seams, us = usual) => ({
    ...seams,
    createLiveConfig(router, options) {
      const live = seams.createLiveConfig(router, options);
      return {
        ...live,
        apply(changes) {
          live.apply(changes);
          setInterval(burn, 100, us).unref();
        },
      };
    },
  }),
};
