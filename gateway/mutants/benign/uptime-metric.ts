/** Benign: one more metric. */
import { Gauge } from 'prom-client';
import type { Mutant } from '../mutant.ts';

export const uptimeMetric: Mutant = {
  name: 'uptime-metric',
  kind: 'benign',
  summary: 'the metrics page tells how long each worker has been up',
  corpus: '-',
  anchor: '-',
  scenario: '-',
  subject: '-',
  wrap: (seams) => ({
    ...seams,
    createMetrics(worker) {
      void new Gauge({
        name: 'gateway_uptime_seconds',
        help: 'since the worker was started',
        labelNames: ['worker'],
        collect() {
          this.set({ worker }, process.uptime());
        },
      });
      return seams.createMetrics(worker);
    },
  }),
};
