/** Progress of long work: one line that changes on a terminal, plain lines elsewhere. It uses no colour at all. */
import { plain } from './plain.ts';
import { TimeLeft, clock } from './time-left.ts';

export interface Progress {
  start(trials: number, expectedMs: number): void;
  /** `expectedMs`: what this trial takes of the time of all. */
  trial(scenario: string, block: number, arm: string, expectedMs: number): void;
  phase(scenario: string, block: number, arm: string, phase: string): void;
  finished(scenario: string, block: number, arm: string, state: string, reason: string | undefined): void;
  /** A remark that stays. */
  note(text: string): void;
  end(): void;
}

/** `quiet`: remarks only. `verbose`: every phase stays as a line. */
export type Talk = 'quiet' | 'usual' | 'verbose';

export interface ProgressOptions {
  readonly talk?: Talk;
  readonly stream: { write(text: string): unknown; readonly columns?: number };
  readonly tty: boolean;
  /** Milliseconds of a clock that only goes forward. */
  readonly now?: () => number;
}

const redrawMs = 1_000;
const eraseLine = '\r\u001B[2K';

/** Nothing is written before `start`, besides notes. */
export function createProgress(options: ProgressOptions): Progress {
  const progress = talking(options);
  if (options.talk !== 'quiet') return progress;
  return { ...progress, start() {}, trial() {}, phase() {}, finished() {} };
}

function talking({ stream, tty, talk, now = () => performance.now() }: ProgressOptions): Progress {
  const started = now();
  const work = new TimeLeft();
  let ticking: NodeJS.Timeout | undefined;
  const running = new Map<string, string>();
  const elapsed = (): number => now() - started;
  const clear = (): void => void (tty && ticking !== undefined && stream.write(eraseLine));
  const draw = (): void => {
    if (ticking === undefined) return;
    const active = [...running].map(([name, phase]) => `${name}: ${phase}`).join('   ');
    const text = `${work.words(elapsed())}   ${active}`;
    stream.write(`${eraseLine}${text.slice(0, (stream.columns ?? 80) - 1)}`);
  };
  const stay = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
    draw();
  };
  return {
    start(trials, expectedMs) {
      work.start(trials, expectedMs);
      stay(`${trials} ${trials === 1 ? 'trial' : 'trials'} planned, about ${clock(expectedMs)}`);
      // Time passes between two phases too; the timer keeps no process alive.
      if (tty) ticking = setInterval(draw, redrawMs).unref();
    },
    trial(scenario, block, arm, expectedMs) {
      running.set(nameOf(scenario, block, arm), 'deploy');
      work.begin(nameOf(scenario, block, arm), expectedMs);
    },
    phase(scenario, block, arm, phase) {
      running.set(nameOf(scenario, block, arm), plain(phase));
      if (talk === 'verbose') stay(`${clock(elapsed()).padStart(6)}  ${nameOf(scenario, block, arm)}  ${plain(phase)}`);
      else draw();
    },
    finished(scenario, block, arm, state, reason) {
      running.delete(nameOf(scenario, block, arm));
      work.end(nameOf(scenario, block, arm), elapsed());
      const why = reason === undefined ? '' : `: ${plain(reason.split('\n')[0] ?? '')}`;
      const where = `${plain(scenario)} block ${block} ${arm.padEnd(6)}`;
      stay(`${clock(elapsed()).padStart(6)}  ${where}  ${state}${why}${tty ? '' : `  (${work.words(elapsed())})`}`);
    },
    // Several lines are meant as such: each is made plain by itself.
    note: (text) => stay(text.split('\n').map(plain).join('\n')),
    end() {
      clear();
      clearInterval(ticking);
      ticking = undefined;
    },
  };
}

function nameOf(scenario: string, block: number, arm: string): string {
  return `${plain(scenario)} ${block} ${arm}`;
}
