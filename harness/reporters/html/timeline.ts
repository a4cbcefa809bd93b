/** What happened in one block, in seconds since its fault phase began: faults from injection to heal, and events. */
import type { TrialEvidence } from '../../model/evidence.ts';
import type { Observation } from '../../model/history.ts';
import type { Arm } from '../../model/plan.ts';

export interface Window {
  readonly from: number;
  readonly to: number;
}

export interface Event {
  /** Names the event in charts. */
  readonly letter: string;
  readonly second: number;
  readonly text: string;
  readonly proof: string | undefined;
  /** Set when the event belongs to one arm. */
  readonly arm: Arm | undefined;
  /** How far its letter is moved up to stay clear of the one before. */
  readonly level: number;
}

export interface Timeline {
  readonly windows: readonly Window[];
  readonly events: readonly Event[];
}

/** Letters closer than this share of the shown time would lie upon each other. */
const letterShare = 0.035;
const levels = 3;

type Of<K extends Observation['kind']> = Extract<Observation, { readonly kind: K }>;
type Unlettered = Omit<Event, 'letter' | 'level'>;

/** When the fault phase began, in milliseconds of the trial; of a trial that never got there, its start. */
export function faultStart({ history }: TrialEvidence): number {
  return history.find((o) => o.kind === 'phase' && o.phase === 'fault')?.atMs ?? 0;
}

/** The faults are those of the first trial; convergence is told for each. */
export function timelineOf(trials: readonly TrialEvidence[]): Timeline {
  const [first] = trials;
  if (first === undefined) return { windows: [], events: [] };
  const steps = first.history.filter((o): o is Of<'fault'> => o.kind === 'fault');
  const events = [...faultEvents(first, steps), ...trials.flatMap(convergence)];
  return { windows: windowsOf(first, steps), events: lettered(events) };
}

function windowsOf(trial: TrialEvidence, edges: readonly Of<'fault'>[]): readonly Window[] {
  const start = faultStart(trial);
  const end = trial.history.at(-1)?.atMs ?? start;
  return edges
    .filter(({ edge }) => edge === 'inject')
    .map(({ step, turn, atMs }) => {
      const healed = edges.find(
        (o) => o.step === step && o.turn === turn && (o.edge === 'heal' || o.edge === 'healed'),
      );
      return { from: (atMs - start) / 1_000, to: ((healed?.atMs ?? end) - start) / 1_000 };
    });
}

function faultEvents(trial: TrialEvidence, edges: readonly Of<'fault'>[]): readonly Unlettered[] {
  return edges
    .filter(({ edge }) => edge === 'inject' || edge === 'heal')
    .map(({ step, turn, turns, atMs, edge, fault }) => ({
      second: (atMs - faultStart(trial)) / 1_000,
      text: `${edge === 'inject' ? 'inject' : 'heal'} ${fault.kind}${'mode' in fault ? ` (${fault.mode})` : ''}${turn === undefined ? '' : `, ${turn} of ${turns}`}`,
      proof: edges.find(
        (o) => o.step === step && o.turn === turn && o.edge === (edge === 'inject' ? 'verified' : 'healed'),
      )?.proof,
      arm: undefined,
    }));
}

function convergence(trial: TrialEvidence): readonly Unlettered[] {
  const start = faultStart(trial);
  return trial.history
    .filter((o): o is Of<'converged'> => o.kind === 'converged' && o.atMs >= start)
    .map(({ atMs, afterHealMs, reads }) => ({
      second: (atMs - start) / 1_000,
      text: `${trial.arm} converged`,
      proof: `${(afterHealMs / 1_000).toFixed(2)} s after the heal, by ${reads} reads`,
      arm: trial.arm,
    }));
}

function lettered(events: readonly Unlettered[]): readonly Event[] {
  const ordered = events.toSorted((a, b) => a.second - b.second);
  const clear = ((ordered.at(-1)?.second ?? 0) - (ordered[0]?.second ?? 0) + 5) * letterShare;
  let level = 0;
  return ordered.map((event, i) => {
    const before = ordered[i - 1];
    level = before !== undefined && event.second - before.second < clear ? (level + 1) % levels : 0;
    return { ...event, letter: String.fromCodePoint(65 + (i % 26)), level };
  });
}
