/** The verdict with its context, for machines that want one file. */
import type { Reporter } from './reporter.ts';

export const json: Reporter = {
  name: 'json',
  file: 'report.json',
  // No path of this host and no time of its own: the same run gives the same bytes wherever it is rendered.
  render: (_evidence, verdict, { environment, replay }) =>
    `${JSON.stringify({ schema: 1, verdict, environment, replay }, null, 2)}\n`,
};
