/** Each request costs more, as after a change of the runtime. */
import type { Mutant } from '../mutant.ts';
import { onRequests } from './on-requests.ts';

const usual = 300;

export const cpuTax: Mutant = {
  name: 'cpu-tax',
  kind: 'known-bad',
  summary: 'each request burns processor time',
  corpus: 'R96',
  anchor: 'apache/apisix#7242, Kong/kong#10141, kubernetes/ingress-nginx#3951',
  scenario: 'none',
  subject: 'latency-p99',
  dose: { unit: 'microseconds for each request', usual },
  wrap: (seams, us = usual) =>
    onRequests(seams, () => {
      const until = performance.now() + us / 1_000;
      while (performance.now() < until);
    }),
};
