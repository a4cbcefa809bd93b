/** What every format is: a pure function from evidence and verdict to a text. */
import type { ChangelogReport } from '../model/changelog.ts';
import type { Environment } from '../model/environment.ts';
import type { Evidence } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';

export interface ReportContext {
  readonly runFolder: string;
  /** The command that plays the plan again. */
  readonly replay: string;
  readonly environment: Environment;
  /** Release notes that were held against this run. */
  readonly changelog?: ChangelogReport;
}

export interface Reporter {
  readonly name: string;
  /** Name of the file inside the run folder. */
  readonly file: string;
  render(evidence: Evidence, verdict: Verdict, context: ReportContext): string;
}
