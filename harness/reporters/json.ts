/** The verdict with its context, for machines that want one file. */
import type { Reporter } from './reporter.ts';

export const json: Reporter = {
  name: 'json',
  file: 'report.json',
  render: (_evidence, verdict, { environment, replay }) =>
    `${JSON.stringify({ verdict, environment, replay }, null, 2)}\n`,
};
