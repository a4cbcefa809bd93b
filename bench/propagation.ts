/**
 * How long a write takes to be served, end to end: from the put's sending to the first right answer. One worker and
 * 3,000 routes; idle first, then under load and churn.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { Client } from 'undici';
import { type Benchmark, type Goal, type Row, measured, median, quantile } from './row.ts';
import { type SeededWorld, startSeededWorld } from './seeded-world.ts';

const routes = 3_000;
const writes = 100;
const rounds = 3;
/** Under load: requests a second, and writes of other routes a second. */
const busy = { requests: 500, writes: 20 };

const idle: Goal = {
  id: 'propagation-idle',
  what: 'write to served, idle, 3,000 routes: p99',
  unit: 'ms',
  atMost: 50,
  aim: 30,
};
const growth: Goal = {
  id: 'propagation-growth',
  what: 'the same, p50 at 3,000 routes / at none',
  unit: 'x',
  atMost: 1.25,
};
const loaded: Goal = {
  id: 'propagation-loaded',
  what: 'the same under load and churn / idle, p99',
  unit: 'x',
  atMost: 2,
  aim: 1.25,
};
const errors: Goal = {
  id: 'propagation-errors',
  what: 'answers other than 200 on routes that nobody changed',
  unit: '',
  atMost: 0,
};

async function run(): Promise<readonly Row[]> {
  await using empty = await startSeededWorld({ routes: 0 });
  await using full = await startSeededWorld({ routes });
  const seen = { empty: [] as number[], idle: [] as number[], loaded: [] as number[] };
  let wrong = 0;
  for (let round = 0; round < rounds; round++) {
    seen.empty.push(...(await delays(empty, round)));
    seen.idle.push(...(await delays(full, round)));
    const stop = load(full);
    seen.loaded.push(...(await delays(full, round + rounds)));
    wrong += await stop();
  }
  const [atIdle, atLoad] = [quantile(seen.idle, 0.99), quantile(seen.loaded, 0.99)];
  const how = `${rounds} interleaved rounds of ${writes} writes; one worker`;
  const [none, some] = [median(seen.empty), median(seen.idle)];
  return [
    measured(idle, atIdle, `p50 ${some.toPrecision(3)} ms; ${how}`),
    measured(growth, some / none, `p50 without routes ${none.toPrecision(3)} ms; ${how}`),
    measured(
      loaded,
      atLoad / atIdle,
      `${atLoad.toPrecision(3)} ms under ${busy.requests} requests and ${busy.writes} writes a second; ${how}`,
    ),
    measured(errors, wrong, how),
  ];
}

/** Of each write: milliseconds until it is served. */
async function delays({ client, traffic, route }: SeededWorld, round: number): Promise<readonly number[]> {
  const asking = new Client(traffic);
  const times: number[] = [];
  for (let seq = 1; seq <= writes; seq++) {
    const path = `/probe/${round}`;
    const expected = `/seq/${seq}`;
    const sentAt = performance.now();
    void client.put(`/apisix/routes/probe-${round}`).value(route(path, seq)).exec();
    for (;;) {
      const { body } = await asking.request({ path, method: 'GET' });
      if ((await body.text()) === expected) break;
    }
    times.push(performance.now() - sentAt);
    await sleep(5);
  }
  await asking.close();
  return times;
}

/** Until stopped; then the number of answers that were wrong. */
function load({ client, traffic, route }: SeededWorld): () => Promise<number> {
  const asking = new Client(traffic, { pipelining: 8 });
  let [wrong, sent, written] = [0, 0, 0];
  const ask = async (): Promise<void> => {
    const index = sent++ % routes;
    const { statusCode, body } = await asking.request({ path: `/settled/${index}`, method: 'GET' });
    if (statusCode !== 200 || (await body.text()) !== `/seq/${index}`) wrong++;
  };
  const requests = setInterval(() => void ask().catch(() => wrong++), 1_000 / busy.requests);
  const churn = setInterval(() => {
    const index = written++ % 50;
    void client
      .put(`/apisix/routes/churn-${index}`)
      .value(route(`/churn/${index}`, written))
      .exec();
  }, 1_000 / busy.writes);
  return async () => {
    clearInterval(requests);
    clearInterval(churn);
    await asking.close();
    return wrong;
  };
}

export const propagation: Benchmark = { name: 'propagation', run };
