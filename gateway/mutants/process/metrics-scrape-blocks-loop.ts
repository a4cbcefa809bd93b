/** The page of metrics is made by the workers, in the way of their requests, and there is much to tell. */
import { Gauge } from 'prom-client';
import type { Mutant } from '../mutant.ts';

const usual = 80;

function burn(ms: number): void {
  const until = performance.now() + ms;
  while (performance.now() < until);
}

export const metricsScrapeBlocksLoop: Mutant = {
  name: 'metrics-scrape-blocks-loop',
  kind: 'known-bad',
  summary: 'whoever asks for the metrics page holds up the requests of every worker',
  corpus: 'R31',
  anchor: 'apache/apisix#7211, apache/apisix#5755',
  scenario: 'metrics-scraped',
  subject: 'latency-p99',
  dose: { unit: 'milliseconds for each page', usual },
  wrap: (seams, ms = usual) => ({
    ...seams,
    createMetrics(worker) {
      const metrics = seams.createMetrics(worker);
      void new Gauge({
        name: 'gateway_route_info',
        help: 'a series for each route',
        collect: () => burn(ms),
      });
      return metrics;
    },
  }),
};
