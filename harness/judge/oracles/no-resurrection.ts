/** What was deleted, and gone on every worker, stays gone. */
import { rechecking } from './rechecks.ts';
import type { Oracle } from './oracle.ts';

export const noResurrection: Oracle = rechecking(
  {
    breaks: 'brings deleted routes back',
    counted: (count) => `${count} deleted ${count === '1' ? 'route was' : 'routes were'} served again`,
  },
  ({ expected }) => expected === null,
  ({ worker, route, got }) => `worker ${worker} serves ${got} for ${route}, which was deleted and gone`,
);
