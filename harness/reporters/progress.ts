/** Progress of long work: one line that changes on a terminal, plain lines elsewhere. */

export interface Progress {
  start(trials: number, expectedMs: number): void;
  trial(scenario: string, block: number, arm: string): void;
  phase(scenario: string, block: number, arm: string, phase: string): void;
  finished(scenario: string, block: number, arm: string, state: string, reason: string | undefined): void;
  /** A remark that stays. */
  note(text: string): void;
  end(): void;
}

export interface ProgressOptions {
  readonly stream: { write(text: string): unknown; readonly columns?: number };
  readonly tty: boolean;
}

/** Nothing is written before `start`, besides notes. */
export function createProgress({ stream, tty }: ProgressOptions): Progress {
  const started = performance.now();
  let expected = { trials: 0, ms: 0 };
  let done = 0;
  const running = new Map<string, string>();
  const clear = (): void => void (tty && stream.write('\r\u001B[2K'));
  const left = (): string => {
    const elapsed = performance.now() - started;
    // What was measured here says more than what was expected, once there is some of it.
    const total = done > 0 ? (elapsed / done) * expected.trials : expected.ms;
    return total > elapsed ? `about ${clock(total - elapsed)} left` : 'a little left';
  };
  const draw = (): void => {
    if (!tty) return;
    const now = [...running].map(([name, phase]) => `${name}: ${phase}`).join('   ');
    const text = `${String(done).padStart(3)}/${expected.trials} trials, ${left()}   ${now}`;
    stream.write(`\r\u001B[2K${text.slice(0, (stream.columns ?? 100) - 1)}`);
  };
  const stay = (text: string): void => {
    clear();
    stream.write(`${text}\n`);
    draw();
  };
  return {
    start(trials, ms) {
      expected = { trials, ms };
      stay(`${trials} trials planned, about ${clock(ms)}`);
    },
    trial: (scenario, block, arm) => void running.set(name(scenario, block, arm), 'deploy'),
    phase(scenario, block, arm, phase) {
      running.set(name(scenario, block, arm), phase);
      draw();
    },
    finished(scenario, block, arm, state, reason) {
      running.delete(name(scenario, block, arm));
      done++;
      // More blocks than the first look were needed.
      expected.trials = Math.max(expected.trials, done);
      const why = reason === undefined ? '' : `: ${reason.split('\n')[0]}`;
      const where = `${scenario} block ${block} ${arm.padEnd(6)}`;
      stay(`${clock(performance.now() - started).padStart(6)}  ${where}  ${state}${why}${tty ? '' : `  (${left()})`}`);
    },
    note: stay,
    end: clear,
  };
}

function name(scenario: string, block: number, arm: string): string {
  return `${scenario} ${block} ${arm}`;
}

/** `75 s` under two minutes, else `3 min 05 s`. */
function clock(ms: number): string {
  const seconds = Math.round(ms / 1_000);
  if (seconds < 120) return `${seconds} s`;
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}
