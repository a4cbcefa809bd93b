/** Rounds of the bad day that is cut short, at moments from a seed; each round is told as it ends. */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { interruptAt, wrongIn } from './interrupt.ts';
import { killAt } from './kill.ts';
import type { Moment } from './run-under-test.ts';

/** After the first injection: into every fault of the day, and beyond. Milliseconds. */
const latestMs = 11_500;
/** One round in so many ends before anything is broken: this long after the beginning of the run at most. */
const earlyEvery = 5;
const earlyMs = 4_000;
/** Beyond half a second a second signal is one that was typed; before it, npx may have sent both. */
const againLatestMs = 1_500;

export const ways = ['kill', 'kill-both', 'interrupt', 'interrupt-twice'] as const;
export type Way = (typeof ways)[number];

export interface Tally {
  readonly rounds: number;
  readonly good: number;
  /** Faults that held at the ends, over all rounds, by kind. */
  readonly held: Readonly<Record<string, number>>;
  /** The longest time until all was off or ended. */
  readonly longestMs: number;
}

interface Round {
  readonly wrong: readonly string[];
  readonly holding: readonly string[];
  readonly ms: number;
}

/** `tell` gets a line for each round in which something was wrong. */
export async function runRounds(way: Way, rounds: number, seed: number, tell: (line: string) => void): Promise<Tally> {
  // Every way has moments of its own.
  const random = xoroshiro128plus(seed * ways.length + ways.indexOf(way));
  const held: Record<string, number> = {};
  const tally = { rounds, good: 0, longestMs: 0 };
  for (let number = 1; number <= rounds; number++) {
    const early = number % earlyEvery === 0;
    const when: Moment = { since: early ? 'begin' : 'fault', ms: uniformInt(random, 0, early ? earlyMs : latestMs) };
    const againMs = uniformInt(random, 0, againLatestMs);
    const { wrong, holding, ms } = await oneRound(way, when, againMs);
    for (const kind of holding) held[kind] = (held[kind] ?? 0) + 1;
    tally.longestMs = Math.max(tally.longestMs, ms);
    if (wrong.length === 0) tally.good++;
    else
      tell(
        `${way} round ${number} of seed ${seed}, ${when.ms} ms after its ${when.since} (${holding.join(', ')}): ${wrong.join('; ')}`,
      );
  }
  return { ...tally, held };
}

async function oneRound(way: Way, when: Moment, againMs: number): Promise<Round> {
  if (way === 'kill' || way === 'kill-both') {
    const { left, leftByClean, holding, goneAfterMs } = await killAt(when, way === 'kill');
    const wrong = [
      ...left.map((trace) => `not off: ${trace}`),
      ...leftByClean.map((trace) => `left by clean: ${trace}`),
    ];
    return { wrong, holding, ms: goneAfterMs };
  }
  const ended = await interruptAt(when, way === 'interrupt' ? undefined : againMs);
  return { wrong: wrongIn(ended), holding: ended.holding, ms: ended.tookMs };
}

export function tallyWords(way: Way, { rounds, good, held, longestMs }: Tally): string {
  const kinds = Object.entries(held).map(([kind, count]) => `${kind} ${count}`);
  return `${way}: ${good} of ${rounds}; held at the time: ${kinds.join(', ') || 'nothing'}; longest ${longestMs} ms`;
}
