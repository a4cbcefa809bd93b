/** What a request costs the gateway beside the proxies that npm has, and what bodies cost it, all in one run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../test/support/etcd.ts';
import { startGateway } from './gateway-under-bench.ts';
import { findNginx, startNginxProxy, startNginxUpstream } from './nginx.ts';
import { accepts, startPinned } from './pinned-process.ts';
import { type Benchmark, type Goal, type Row, invalid, measured, median, skipped } from './row.ts';
import { type Candidate, type Saturated, saturate } from './saturation.ts';

const candidateCore = 1;
const otherCore = 0;
const wantedRounds = 3;
const mostRounds = 5;
const leastBusy = 0.8;
const names = ['http-proxy-3', 'httpxy', 'fast-proxy', '@fastify/http-proxy'] as const;

const best: Goal = {
  id: 'gateway-over-rivals',
  what: 'gateway CPU per request / the cheapest npm proxy',
  unit: 'x',
  atMost: 1,
};
const post: Goal = { id: 'gateway-post', what: 'gateway CPU of a POST of 1 KB / of a GET', unit: 'x', atMost: 1.5 };
const large: Goal = {
  id: 'gateway-large',
  what: 'gateway, bodies of 64 KB: per core / nginx',
  unit: 'x',
  atLeast: 0.3,
};

/** By candidate, what a request cost in each round in which it used its core. */
type Costs = Map<string, number[]>;

async function run(): Promise<readonly Row[]> {
  const nginx = findNginx();
  if (availableParallelism() < 2) return [best, post, large].map((goal) => skipped(goal, 'it takes two cores'));
  if (nginx === undefined) return [best, post, large].map((goal) => skipped(goal, 'nginx is not installed'));
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [small, big] = [await freePort(), await freePort()];
  stack.use(await startNginxUpstream(nginx, otherCore, folder, small));
  stack.use(await startNginxUpstream(nginx, otherCore, folder, big, 65_536));
  const [port, bigPort, proxyPort] = [await freePort(), await freePort(), await freePort()];
  const gateway = stack.use(await startGateway(candidateCore, port, small));
  const bigGateway = stack.use(await startGateway(candidateCore, bigPort, big));
  const proxy = stack.use(await startNginxProxy(nginx, candidateCore, folder, { listen: proxyPort, upstream: big }));
  const { targets, postTargets } = gateway;
  const trials: (Candidate & { readonly postBytes?: number })[] = [
    { name: 'gateway', pid: gateway.process.pid, port },
    { name: 'post', pid: gateway.process.pid, port, postBytes: 1_024 },
    { name: 'large', pid: bigGateway.process.pid, port: bigPort },
    { name: 'nginx', pid: proxy.pid, port: proxyPort },
  ];
  for (const name of names) {
    const own = await freePort();
    const command = [process.execPath, path.join(import.meta.dirname, 'rival-proxy.ts'), name, `${own}`, `${small}`];
    const started = stack.use(await startPinned(candidateCore, command, () => accepts(own)));
    trials.push({ name, pid: started.pid, port: own });
  }
  const costs: Costs = new Map(trials.map(({ name }) => [name, []]));
  for (let round = 0; round < mostRounds && [...costs.values()].some((each) => each.length < wantedRounds); round++) {
    for (const trial of trials)
      take(
        costs,
        trial.name,
        await saturate(trial, otherCore, trial.postBytes === undefined ? targets : postTargets, trial.postBytes),
      );
  }
  return rowsOf(costs);
}

function take(costs: Costs, name: string, { busy, microsecondsPerRequest }: Saturated): void {
  if (busy >= leastBusy) costs.get(name)?.push(microsecondsPerRequest);
}

function rowsOf(costs: Costs): readonly Row[] {
  const short = [...costs].filter(([, each]) => each.length < wantedRounds).map(([name]) => name);
  const cost = (name: string): number => median(costs.get(name) ?? []);
  const row = (goal: Goal, wanted: readonly string[], value: () => number, reference: string): Row => {
    const missing = wanted.filter((name) => short.includes(name));
    if (missing.length > 0)
      return invalid(goal, `too few rounds in which ${missing.join(', ')} had a core; is the machine in use?`);
    return measured(goal, value(), reference);
  };
  const cheapest = Math.min(...names.map(cost));
  const all = ['gateway', ...names].map((name) => `${name} ${cost(name).toFixed(1)} us`).join(', ');
  return [
    row(best, ['gateway', ...names], () => cost('gateway') / cheapest, all),
    row(
      post,
      ['gateway', 'post'],
      () => cost('post') / cost('gateway'),
      `GET ${cost('gateway').toFixed(1)} us, POST ${cost('post').toFixed(1)} us`,
    ),
    row(
      large,
      ['large', 'nginx'],
      () => cost('nginx') / cost('large'),
      `nginx ${cost('nginx').toFixed(1)} us, gateway ${cost('large').toFixed(1)} us`,
    ),
  ];
}

export const rivals: Benchmark = { name: 'rivals', run };
