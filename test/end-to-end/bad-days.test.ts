/** The harness ended in the middle of many faults. A few rounds of each way; fifty by `make soak SOAK=bad-days`. */
import { expect, test } from 'vitest';
import { type Way, runRounds, tallyWords } from '../bad-days/rounds.ts';

test.each<[Way, number, string]>([
  ['kill', 3, 'killed with SIGKILL, everything of the run is gone within ten seconds, and clean finds nothing to do'],
  ['kill-both', 1, 'killed with its guardian, its own faults end with it, and clean ends the rest'],
  ['interrupt', 2, 'after a SIGINT everything is healed and ended, the evidence can be judged, and it exits with 130'],
  ['interrupt-twice', 2, 'a second SIGINT while it heals changes nothing of that'],
])(
  '%s, %d times at random: %s',
  async (way, rounds) => {
    const wrong: string[] = [];
    const tally = await runRounds(way, rounds, 1, (line) => void wrong.push(line));
    process.stdout.write(`${tallyWords(way, tally)}\n`);
    expect(wrong).toEqual([]);
    expect(tally.good).toBe(rounds);
  },
  960_000,
);
