/** A read that etcd answers with an error is taken for one that found nothing. */
import type { Mutant } from '../mutant.ts';
import { withSource } from './with-source.ts';

export const dropConfigOnError: Mutant = {
  name: 'drop-config-on-error',
  kind: 'known-bad',
  summary: 'an error of etcd during a full read empties the configuration',
  corpus: 'R18',
  anchor: 'traefik/traefik#11941',
  scenario: 'etcd-errors',
  subject: 'serve-last-good',
  wrap: (seams) =>
    withSource(seams, (source) => {
      let last: Awaited<ReturnType<typeof source.snapshot>> | undefined;
      return {
        async snapshot() {
          try {
            return (last = await source.snapshot());
          } catch (error) {
            if (last === undefined) throw error;
            return { position: last.position, items: [] };
          }
        },
      };
    }),
};
