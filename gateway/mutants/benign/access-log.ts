/** Benign: one more log line a second tells how many requests were served. Output changes; service does not. */
import type { Mutant } from '../mutant.ts';

const everyMs = 1_000;

export const accessLog: Mutant = {
  name: 'access-log',
  kind: 'benign',
  summary: 'logs the number of requests served, by status, once a second',
  corpus: '-',
  anchor: '-',
  scenario: '-',
  subject: '-',
  wrap: (seams) => ({
    ...seams,
    accessLog: (log) => {
      let counts: Record<number, number> = {};
      setInterval(() => {
        if (Object.keys(counts).length > 0) log.info({ served: counts }, 'requests served');
        counts = {};
      }, everyMs).unref();
      return ({ status }) => {
        counts[status] = (counts[status] ?? 0) + 1;
      };
    },
  }),
};
