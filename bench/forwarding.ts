/** What a request costs the gateway, against a bare forwarder and against nginx, each on a core of its own. */
import { mkdtempSync, rmSync } from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../test/support/etcd.ts';
import { startGateway } from './gateway-under-bench.ts';
import { findNginx, nginxVersion, startNginxProxy, startNginxUpstream } from './nginx.ts';
import { type PinnedProcess, accepts, startPinned } from './pinned-process.ts';
import { type Benchmark, type Goal, type Row, invalid, measured, median, skipped } from './row.ts';
import { type Candidate, type Saturated, saturate } from './saturation.ts';

const candidateCore = 1;
const otherCore = 0;
const wantedRounds = 3;
const mostRounds = 7;
const leastBusy = 0.8;

const overBare: Goal = {
  id: 'gateway-over-bare',
  what: 'gateway CPU per request / bare undici forwarder',
  unit: 'x',
  atMost: 1.3,
};
const ofNginx: Goal = {
  id: 'gateway-of-nginx',
  what: 'gateway requests per core / nginx as proxy',
  unit: 'x',
  atLeast: 0.2,
};

type Round = ReadonlyMap<string, Saturated>;

async function run(): Promise<readonly Row[]> {
  if (availableParallelism() < 2) return [overBare, ofNginx].map((goal) => skipped(goal, 'it takes two cores'));
  const binary = findNginx();
  await using stack = new AsyncDisposableStack();
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-bench-'));
  stack.defer(() => rmSync(folder, { recursive: true, force: true }));
  const upstream = await freePort();
  stack.use(await startUpstream(binary, folder, upstream));
  const ports = { gateway: await freePort(), bare: await freePort(), nginx: await freePort() };
  const gateway = stack.use(await startGateway(candidateCore, ports.gateway, upstream));
  const command = [
    process.execPath,
    path.join(import.meta.dirname, 'bare-forwarder.ts'),
    `${ports.bare}`,
    `${upstream}`,
  ];
  const bare = stack.use(await startPinned(candidateCore, command, () => accepts(ports.bare)));
  const candidates: Candidate[] = [
    { name: 'gateway', pid: gateway.process.pid, port: ports.gateway },
    { name: 'bare', pid: bare.pid, port: ports.bare },
  ];
  if (binary !== undefined) {
    const nginx = stack.use(await startNginxProxy(binary, candidateCore, folder, { listen: ports.nginx, upstream }));
    candidates.push({ name: 'nginx', pid: nginx.pid, port: ports.nginx });
  }
  const rounds: Round[] = [];
  while (
    rounds.length < mostRounds &&
    (valid(rounds, 'bare') < wantedRounds || valid(rounds, 'nginx', binary) < wantedRounds)
  ) {
    const round = new Map<string, Saturated>();
    for (const each of candidates) round.set(each.name, await saturate(each, otherCore, gateway.targets));
    rounds.push(round);
  }
  const nginxRow =
    binary === undefined
      ? skipped(ofNginx, 'nginx is not installed')
      : ratioRow(ofNginx, rounds, 'nginx', nginxVersion(binary));
  return [ratioRow(overBare, rounds, 'bare', 'bench/bare-forwarder.ts'), nginxRow];
}

function startUpstream(nginx: string | undefined, folder: string, port: number): Promise<PinnedProcess> {
  if (nginx !== undefined) return startNginxUpstream(nginx, otherCore, folder, port);
  const command = [process.execPath, path.join(import.meta.dirname, 'canned-upstream.ts'), String(port)];
  return startPinned(otherCore, command, () => accepts(port));
}

/** Rounds in which the gateway and its reference both used most of their core. */
function valid(rounds: readonly Round[], reference: string, installed: string | undefined = 'yes'): number {
  return installed === undefined ? wantedRounds : busyRounds(rounds, reference).length;
}

function busyRounds(rounds: readonly Round[], reference: string): readonly Round[] {
  return rounds.filter((round) => ['gateway', reference].every((name) => (round.get(name)?.busy ?? 0) >= leastBusy));
}

function ratioRow(goal: Goal, rounds: readonly Round[], reference: string, name: string): Row {
  const counted = busyRounds(rounds, reference);
  if (counted.length < wantedRounds)
    return invalid(
      goal,
      `only in ${counted.length} of ${rounds.length} rounds both used ${leastBusy * 100} % of their core; is the machine in use?`,
    );
  const cost = (round: Round, who: string): number => round.get(who)?.microsecondsPerRequest ?? Number.NaN;
  const ratios = counted.map((round) => cost(round, 'gateway') / cost(round, reference));
  // Requests per core go as the inverse of the cost.
  const value = goal.atLeast === undefined ? median(ratios) : 1 / median(ratios);
  const costs = ['gateway', reference].map((who) => median(counted.map((round) => cost(round, who))).toFixed(1));
  const spread = `ratios ${ratios.map((ratio) => ratio.toFixed(2)).join(' ')}`;
  return measured(
    goal,
    value,
    `${name}: ${costs[1]} us, gateway: ${costs[0]} us; ${spread}; ${counted.length} of ${rounds.length} interleaved rounds`,
  );
}

export const forwarding: Benchmark = { name: 'forwarding', run };
