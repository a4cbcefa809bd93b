/** What a request costs the gateway, against a bare forwarder and against nginx, each on a core of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../test/support/etcd.ts';
import { startGateway, underBench } from './gateway-under-bench.ts';
import { findNginx, nginxVersion, startNginxProxy } from './nginx.ts';
import { accepts, startPinned } from './pinned-process.ts';
import { type Benchmark, type Goal, type Row, invalid, measured, skipped } from './row.ts';
import { type Candidate, type Costs, ratioOf, saturateInTurn } from './saturation.ts';
import { startUpstream } from './upstream.ts';

const candidateCore = 1;
const otherCore = 0;
const rounds = 40;

const overBare: Goal = {
  id: 'gateway-over-bare',
  what: 'gateway CPU per request / bare undici forwarder',
  unit: 'x',
  atMost: 1.3,
  aim: 1.15,
};
const ofNginx: Goal = {
  id: 'gateway-of-nginx',
  what: 'gateway requests per core / nginx as proxy',
  unit: 'x',
  atLeast: 0.2,
  aim: 0.25,
};

async function run(): Promise<readonly Row[]> {
  if (availableParallelism() < 2) return [overBare, ofNginx].map((goal) => skipped(goal, 'it takes two cores'));
  const binary = findNginx();
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const upstream = await freePort();
  stack.use(await startUpstream(binary, otherCore, folder, upstream));
  const ports = { gateway: await freePort(), bare: await freePort(), nginx: await freePort() };
  const gateway = stack.use(await startGateway(candidateCore, ports.gateway, upstream));
  const command = [
    process.execPath,
    path.join(import.meta.dirname, 'bare-forwarder.ts'),
    `${ports.bare}`,
    `${upstream}`,
  ];
  const bare = stack.use(await startPinned(candidateCore, command, () => accepts(ports.bare)));
  const { targets } = gateway;
  const candidates: Candidate[] = [
    { name: 'gateway', pid: gateway.process.pid, port: ports.gateway, targets },
    { name: 'bare', pid: bare.pid, port: ports.bare, targets },
  ];
  if (binary !== undefined) {
    const nginx = stack.use(await startNginxProxy(binary, candidateCore, folder, { listen: ports.nginx, upstream }));
    candidates.push({ name: 'nginx', pid: nginx.pid, port: ports.nginx, targets });
  }
  const costs = await saturateInTurn(candidates, otherCore, rounds);
  const nginxRow =
    binary === undefined
      ? skipped(ofNginx, 'nginx is not installed')
      : ratioRow(ofNginx, costs, ['nginx', 'gateway'], nginxVersion(binary));
  return [
    ratioRow(overBare, costs, ['gateway', 'bare'], 'bench/bare-forwarder.ts, with the same server options'),
    nginxRow,
  ];
}

function ratioRow(goal: Goal, costs: Costs, [name, reference]: readonly [string, string], what: string): Row {
  const ratio = ratioOf(costs, name, reference);
  return typeof ratio === 'string'
    ? invalid(goal, ratio)
    : measured(goal, ratio.value, `${what}; ${underBench}; ${ratio.how}`);
}

export const forwarding: Benchmark = { name: 'forwarding', run };
