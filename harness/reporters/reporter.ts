/** What every format is: a pure function from evidence and verdict to a text. */
import type { ChangelogReport } from '../model/changelog.ts';
import type { TakenProfile } from '../model/cpu-profile.ts';
import type { Environment } from '../model/environment.ts';
import type { Evidence, TrialLogFile } from '../model/evidence.ts';
import type { Verdict } from '../model/verdict.ts';
import type { ShownSeries } from './trend-words.ts';

export interface ReportContext {
  readonly runFolder: string;
  /** The command that plays the plan again. */
  readonly replay: string;
  readonly environment: Environment;
  /** The commands that play one scenario of it again, by its name. */
  readonly replayOf?: Readonly<Record<string, string>>;
  /** What the processes of a trial printed, by its folder. */
  readonly logs?: (trialFolder: string) => readonly TrialLogFile[];
  readonly profiles?: readonly TakenProfile[];
  /** What the numbers of a nightly's run did over the nights. */
  readonly trends?: readonly ShownSeries[];
  /** Release notes that were held against this run. */
  readonly changelog?: ChangelogReport;
}

export interface Reporter {
  readonly name: string;
  /** Name of the file inside the run folder. */
  readonly file: string;
  render(evidence: Evidence, verdict: Verdict, context: ReportContext): string;
}
