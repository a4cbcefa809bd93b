/** What a request costs the gateway beside the proxies that npm has, and what bodies cost it, all in one run. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../test/support/etcd.ts';
import { startGateway, underBench } from './gateway-under-bench.ts';
import { findNginx, startNginxProxy, startNginxUpstream } from './nginx.ts';
import { accepts, startPinned } from './pinned-process.ts';
import { type Benchmark, type Goal, type Row, invalid, measured, skipped } from './row.ts';
import { type Candidate, type Costs, type Ratio, ratioOf, saturateInTurn } from './saturation.ts';
import { startUpstream } from './upstream.ts';

const candidateCore = 1;
const otherCore = 0;
const rounds = 20;
const names = ['http-proxy-3', 'httpxy', 'fast-proxy', '@fastify/http-proxy'] as const;

const best: Goal = {
  id: 'gateway-over-rivals',
  what: 'gateway CPU per request / the cheapest npm proxy',
  unit: 'x',
  atMost: 1,
  aim: 0.67,
};
const post: Goal = { id: 'gateway-post', what: 'gateway CPU of a POST of 1 KB / of a GET', unit: 'x', atMost: 1.5 };
const large: Goal = {
  id: 'gateway-large',
  what: 'gateway, bodies of 64 KB: per core / nginx',
  unit: 'x',
  atLeast: 0.3,
  aim: 0.4,
};

async function run(): Promise<readonly Row[]> {
  if (availableParallelism() < 2) return [best, post, large].map((goal) => skipped(goal, 'it takes two cores'));
  const nginx = findNginx();
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const [upstream, port] = [await freePort(), await freePort()];
  stack.use(await startUpstream(nginx, otherCore, folder, upstream));
  const gateway = stack.use(await startGateway(candidateCore, port, upstream));
  const { targets, postTargets } = gateway;
  const candidates: Candidate[] = [
    { name: 'gateway', pid: gateway.process.pid, port, targets },
    { name: 'post', pid: gateway.process.pid, port, targets: postTargets, postBytes: 1_024 },
  ];
  if (nginx !== undefined) candidates.push(...(await largeBodies(nginx, folder, stack)));
  for (const name of names) {
    const own = await freePort();
    const program = path.join(import.meta.dirname, 'rival-proxy.ts');
    const command = [process.execPath, program, name, `${own}`, `${upstream}`];
    const started = stack.use(await startPinned(candidateCore, command, () => accepts(own)));
    candidates.push({ name, pid: started.pid, port: own, targets });
  }
  const costs = await saturateInTurn(candidates, otherCore, rounds);
  return [
    row(best, overCheapest(costs)),
    row(post, ratioOf(costs, 'post', 'gateway')),
    nginx === undefined
      ? skipped(large, 'nginx, which it is held against, is not installed')
      : row(large, ratioOf(costs, 'nginx', 'large')),
  ];
}

/** The gateway and nginx before an upstream of their own. */
async function largeBodies(nginx: string, folder: string, stack: AsyncDisposableStack): Promise<readonly Candidate[]> {
  const ports = { upstream: await freePort(), gateway: await freePort(), nginx: await freePort() };
  const { upstream } = ports;
  stack.use(await startNginxUpstream(nginx, otherCore, folder, upstream, 65_536));
  const gateway = stack.use(await startGateway(candidateCore, ports.gateway, upstream));
  const proxy = stack.use(await startNginxProxy(nginx, candidateCore, folder, { listen: ports.nginx, upstream }));
  const { targets } = gateway;
  return [
    { name: 'large', pid: gateway.process.pid, port: ports.gateway, targets },
    { name: 'nginx', pid: proxy.pid, port: ports.nginx, targets },
  ];
}

function row(goal: Goal, ratio: Ratio | string): Row {
  return typeof ratio === 'string' ? invalid(goal, ratio) : measured(goal, ratio.value, `${underBench}; ${ratio.how}`);
}

/** Against the one beside which the gateway looks worst. */
function overCheapest(costs: Costs): Ratio | string {
  const ratios: Ratio[] = [];
  for (const name of names) {
    const ratio = ratioOf(costs, 'gateway', name);
    if (typeof ratio === 'string') return ratio;
    ratios.push(ratio);
  }
  const [worst, ...others] = ratios.toSorted((a, b) => b.value - a.value);
  if (worst === undefined) return 'there is no rival';
  return { value: worst.value, how: [worst, ...others].map(({ how }) => how).join('; ') };
}

export const rivals: Benchmark = { name: 'rivals', run };
