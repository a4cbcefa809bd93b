/**
 * The harness ended in the middle of many faults: by SIGKILL (with its guardian, and without), by SIGINT, by two. `ROUNDS` of
 * each (50), `SEED` of their moments (1), `WAY`: one of them only. 200 rounds take 40 to 60 minutes, 90 at most.
 */
import { runRounds, tallyWords, ways } from '../test/bad-days/rounds.ts';

const { ROUNDS: rounds = '50', SEED: seed = '1', WAY: only } = process.env;
const mostMs = 90 * 60_000;

let failed = false;
for (const way of ways.filter((each) => only === undefined || only === '' || each === only)) {
  const tally = await runRounds(way, Number(rounds), Number(seed), (line) => process.stdout.write(`${line}\n`));
  process.stdout.write(`${tallyWords(way, tally)}\n`);
  failed ||= tally.good < tally.rounds;
  if (performance.now() > mostMs) {
    process.stdout.write('out of time: the other ways were not tried\n');
    failed = true;
    break;
  }
}
process.exitCode = failed ? 1 : 0;
