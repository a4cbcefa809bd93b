/** Time does not run backwards: a worker that has shown a change does not show what was before it. */
import { rechecking } from './rechecks.ts';
import type { Oracle } from './oracle.ts';

export const monotonic: Oracle = rechecking(
  {
    breaks: 'goes back to older configuration',
    counted: (count) =>
      `${count} ${count === '1' ? 'change' : 'changes'} that every worker had shown were undone for a while`,
  },
  ({ expected }) => expected !== null,
  ({ worker, route, got, expected }) =>
    `worker ${worker} serves ${got ?? 'nothing'} for ${route} again, after ${expected}`,
);
