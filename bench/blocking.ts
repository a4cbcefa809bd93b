/** One-click blocking: from the click to the last worker that stops the traffic. */
import { freePort } from '../test/support/etcd.ts';
import { Agent } from 'undici';
import { type Benchmark, type Goal, type Row, measured, quantile } from './row.ts';
import { type SeededWorld, startSeededWorld } from './seeded-world.ts';

const workers = 2;
const routes = 3_000;
const clicks = 200;
const key = 'a-key-of-sixteen-characters';

const delay: Goal = {
  id: 'block-delay',
  what: `click to blocked on each of ${workers} workers, ${routes} routes: p99`,
  unit: 'ms',
  atMost: 50,
};

async function run(): Promise<readonly Row[]> {
  const admin = `127.0.0.1:${await freePort()}`;
  const env = { GATEWAY_ADMIN: admin, GATEWAY_ADMIN_KEY: key };
  await using world = await startSeededWorld({ routes, workers, env });
  // The master deals connections out in turn: as many as there are workers reach each of them.
  const agents = Array.from({ length: workers }, () => new Agent({ connections: 1 }));
  const click = async (method: 'POST' | 'DELETE'): Promise<void> => {
    const answer = await fetch(`http://${admin}/apisix/admin/block`, {
      method,
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      body: JSON.stringify({ uri: '/settled/*' }),
    });
    if (!answer.ok) throw new Error(`the Admin API answered ${answer.status}: ${await answer.text()}`);
  };
  const blocked: number[] = [];
  const lifted: number[] = [];
  for (let count = 0; count < clicks; count++) {
    blocked.push(await timed(click('POST'), () => answered(world, agents, 403)));
    lifted.push(await timed(click('DELETE'), () => answered(world, agents, 200)));
  }
  for (const agent of agents) await agent.close();
  const [p50, back] = [quantile(blocked, 0.5), quantile(lifted, 0.99)].map((value) => value.toPrecision(3));
  return [measured(delay, quantile(blocked, 0.99), `p50 ${p50} ms; lifted again p99 ${back} ms; ${clicks} clicks`)];
}

async function timed(clicked: Promise<void>, done: () => Promise<void>): Promise<number> {
  const started = performance.now();
  await Promise.all([clicked, done()]);
  return performance.now() - started;
}

/** Resolves once every worker answers with that status. */
async function answered({ traffic }: SeededWorld, agents: readonly Agent[], status: number): Promise<void> {
  const asking = agents.map(async (agent) => {
    for (;;) {
      const answer = await agent.request({ origin: traffic.origin, path: '/settled/1', method: 'GET' });
      await answer.body.dump();
      if (answer.statusCode === status) return;
    }
  });
  await Promise.all(asking);
}

export const blocking: Benchmark = { name: 'blocking', run };
