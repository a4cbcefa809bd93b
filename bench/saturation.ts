/**
 * Processor time per request of forwarders that are given more than they can do, one after the other in short turns. The
 * cost of the same code moves by half within seconds on shared hosts: only what ran right beside each other compares.
 */
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Assignment } from './closed-loop-client.ts';
import { cpuSeconds } from './cpu-time.ts';
import { type PinnedProcess, startPinned } from './pinned-process.ts';
import { median, quantile } from './row.ts';

/** Until the compiler has seen enough, for each candidate once. Milliseconds, as all of these. */
const warmUpMs = 3_000;
/** Of each turn not measured: connections that were closed meanwhile are opened again. */
const leadInMs = 100;
const turnMs = 500;
const connections = 50;
/** Share of its core that a candidate had and used; below, it idled or others were on it, and its cost says little. */
const leastBusy = 0.8;
/** Of this part of the rounds at least both must be valid, or their median says little. */
const leastValid = 0.5;
const client = path.join(import.meta.dirname, 'closed-loop-client.ts');

export interface Candidate {
  readonly name: string;
  readonly pid: number;
  readonly port: number;
  readonly targets: Assignment['targets'];
  /** Bytes of the body that each request brings, as a POST; without, they are GETs. */
  readonly postBytes?: number;
}

/** By candidate, microseconds a request in each round; undefined where it did not have its core. */
export type Costs = ReadonlyMap<string, readonly (number | undefined)[]>;

/** Each round gives every candidate one turn, every other round in the opposite order. */
export async function saturateInTurn(
  candidates: readonly Candidate[],
  clientCore: number,
  rounds: number,
): Promise<Costs> {
  await using stack = new AsyncDisposableStack();
  const turns: { readonly name: string; readonly take: () => Promise<number | undefined> }[] = [];
  for (const candidate of candidates) {
    const driver = stack.use(await startPinned(clientCore, [process.execPath, client], async () => true));
    const { port, targets, postBytes } = candidate;
    driver.child.send({ port, connections, targets, postBytes } satisfies Assignment);
    await sleep(warmUpMs);
    driver.child.send('pause');
    turns.push({ name: candidate.name, take: () => turn(candidate, driver) });
  }
  const costs = new Map<string, (number | undefined)[]>(candidates.map(({ name }) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const { name, take } of round % 2 === 0 ? turns : turns.toReversed()) costs.get(name)?.push(await take());
  }
  return costs;
}

async function turn({ name, pid }: Candidate, { child }: PinnedProcess): Promise<number | undefined> {
  const answered = (): Promise<number> =>
    new Promise((resolve, reject) => {
      const gone = (): void => reject(new Error(`the client of ${name} gave up`));
      child.once('exit', gone);
      child.once('message', (count) => {
        child.off('exit', gone);
        resolve(count as number);
      });
      child.send('tally');
    });
  child.send('go');
  await sleep(leadInMs);
  const before = { answered: await answered(), cpu: cpuSeconds(pid), at: performance.now() };
  await sleep(turnMs);
  const after = { answered: await answered(), cpu: cpuSeconds(pid), at: performance.now() };
  child.send('pause');
  const seconds = after.cpu - before.cpu;
  const busy = (seconds * 1_000) / (after.at - before.at);
  return busy < leastBusy ? undefined : (seconds * 1e6) / (after.answered - before.answered);
}

export interface Ratio {
  readonly value: number;
  /** Both costs and the spread over the rounds. */
  readonly how: string;
}

/** The median over the rounds of what `name` cost against `reference` in the same round; or why there is none. */
export function ratioOf(costs: Costs, name: string, reference: string): Ratio | string {
  const own = costs.get(name) ?? [];
  const other = costs.get(reference) ?? [];
  const pairs = own.flatMap((cost, round) => {
    const beside = other[round];
    return cost === undefined || beside === undefined ? [] : [{ cost, beside, ratio: cost / beside }];
  });
  if (pairs.length < leastValid * own.length) {
    return `${name} and ${reference} both had ${leastBusy * 100} % of their core in only ${pairs.length} of ${own.length} rounds; is the machine in use?`;
  }
  const ratios = pairs.map(({ ratio }) => ratio);
  const at = (q: number): string => quantile(ratios, q).toFixed(2);
  const spread = `in half of ${pairs.length} rounds ${at(0.25)} to ${at(0.75)}, in all ${at(0)} to ${at(1)}`;
  const [mine, theirs] = [median(pairs.map(({ cost }) => cost)), median(pairs.map(({ beside }) => beside))];
  return {
    value: median(ratios),
    how: `${name} ${mine.toFixed(1)} us, ${reference} ${theirs.toFixed(1)} us; ${spread}`,
  };
}
