/**
 * The harness ended in the middle of many faults: by SIGKILL (with its guardian, and without), by SIGINT, by two. 200 rounds
 * take 40 to 60 minutes, 90 at most.
 */
import { type Way, runRounds, tallyWords, ways } from '../../test/bad-days/rounds.ts';
import { type SoakRow, timed } from './row.ts';
import type { SoakSettings } from './settings.ts';

const mostMs = 90 * 60_000;

const promises: Readonly<Record<Way, string>> = {
  kill: 'SIGKILL of the harness: all off in 10 s, nothing left after clean',
  'kill-both': 'SIGKILL of it and its guardian: link, storms, upstream, toxics off in 10 s, nothing left after clean',
  interrupt: 'SIGINT: healed, nothing left, evidence readable, exit 130',
  'interrupt-twice': 'SIGINT twice: healed, nothing left, evidence readable, exit 130',
};

export async function badDays({ rounds, seed, way: only, tell }: SoakSettings): Promise<readonly SoakRow[]> {
  const chosen = ways.filter((way) => only === undefined || way === only);
  if (chosen.length === 0) throw new Error(`WAY is one of ${ways.join(', ')}, not "${only}"`);
  const startMs = performance.now();
  const rows: SoakRow[] = [];
  for (const way of chosen) {
    const outOfTime = performance.now() - startMs > mostMs;
    rows.push(await timed(() => (outOfTime ? untried(way, rounds) : tried(way, rounds, seed, tell))));
  }
  return rows;
}

async function tried(
  way: Way,
  rounds: number,
  seed: number,
  tell: SoakSettings['tell'],
): Promise<Omit<SoakRow, 'seconds'>> {
  const tally = await runRounds(way, rounds, seed, tell);
  const seen = tallyWords(way, tally);
  tell(seen);
  return { what: promises[way], wanted: rounds, tried: tally.rounds, good: tally.good, seen };
}

async function untried(way: Way, rounds: number): Promise<Omit<SoakRow, 'seconds'>> {
  return { what: promises[way], wanted: rounds, tried: 0, good: 0, seen: 'out of time' };
}
