/** k6 beside the engine that is built in: the same requests, counted and timed alike, against the reference gateway. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { describe, expect, test } from 'vitest';
import type { LoadEngine } from '../../../harness/load/engine.ts';
import { engineFor } from '../../../harness/load/engines.ts';
import type { PhaseLatency } from '../../../harness/model/evidence.ts';
import { samples } from '../../../harness/model/samples.ts';
import { Workloads } from '../../../harness/run/workloads.ts';
import { loadGuards } from '../../../harness/run/guards.ts';
import { processRuntime } from '../../../harness/runtimes/process.ts';
import { labelled } from '../../../harness/runtimes/residue.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { k6, standIn, withK6 } from '../../support/k6.ts';
import { type MemoryRecorder, memoryRecorder } from '../../support/recorder.ts';
import { startWholeWorld } from '../../support/whole-world.ts';

/** So that a host that stands still for half a second finds enough connections for what was due meanwhile. */
const size = { ratePerSecond: 50, connections: 32 };

interface Driven {
  /** Requests that were due in the baseline, which on a busy host is longer than it was meant to be. */
  readonly due: number;
  readonly latency: readonly PhaseLatency[];
  readonly recorder: MemoryRecorder;
}

interface Drive {
  readonly traffic: string;
  readonly program?: string | undefined;
  readonly script?: string;
  readonly during?: () => void;
  readonly connections?: number;
}

let runs = 0;

async function drive(
  engine: LoadEngine,
  { traffic, program, script, during, connections = size.connections }: Drive,
): Promise<Driven> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-k6-'));
  const runId = `test-k6-${process.pid}-${runs++}`;
  const workloads = new Workloads(processRuntime({ runId, logs: folder, onLaunch: () => undefined }));
  const { launch, stop } = workloads;
  const recorder = memoryRecorder();
  const targets = [0, 1].map((index) => ({ route: `settled-${index}`, path: `/settled/${index}`, seq: index + 1 }));
  const options = { ...size, connections, traffic, targets, seed: 1, ...(script === undefined ? {} : { script }) };
  const host = { launch, stop, folder, k6: program, signal: AbortSignal.timeout(90_000) };
  try {
    await using load = await engine.start(options, host, recorder, () => undefined);
    load.enter('warmup');
    await sleep(500);
    load.enter('baseline');
    const began = performance.now();
    during?.();
    await sleep(2_000);
    const due = ((performance.now() - began) / 1_000) * size.ratePerSecond;
    return { due, latency: await load.finish(), recorder };
  } finally {
    await workloads[Symbol.asyncDispose]();
    expect(labelled(runId)).toEqual([]);
    rmSync(folder, { recursive: true });
  }
}

function baselineOf({ latency }: Driven): PhaseLatency {
  const found = latency.find(({ phase }) => phase === 'baseline');
  if (found === undefined) throw new Error('the second phase is baseline');
  return found;
}

const p50Ms = ({ histogram }: PhaseLatency): number =>
  decodeFromCompressedBase64(histogram, 32, false).getValueAtPercentile(50) / 1_000;

const cpuOf = ({ recorder }: Driven): number =>
  recorder.history.flatMap((o) => (o.kind === 'sample' && o.metric === samples.loadCpu ? [o.value] : []))[0] ?? 0;

async function serve(answer: () => string | undefined): Promise<{ readonly origin: string } & AsyncDisposable> {
  const server = createServer((request, response) => {
    const body = answer() ?? `/seq/${Number(request.url?.split('/').at(-1)) + 1}`;
    if (body !== 'hang') response.end(body);
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

test.skipIf(k6 === undefined)(
  `${withK6}: the same load as the engine that is built in, at a real gateway`,
  async () => {
    await using whole = await startWholeWorld();
    const traffic = whole.world.gateway.traffic.origin;
    const own = await drive(engineFor({ ...size }), { traffic });
    const other = await drive(engineFor({ ...size, engine: 'k6' }), { traffic, program: k6 });
    const [ownly, otherly] = [own, other].map(baselineOf) as [PhaseLatency, PhaseLatency];
    expect([ownly.errors, otherly.errors]).toEqual([{}, {}]);
    for (const [{ planned }, { due }] of [
      [ownly, own],
      [otherly, other],
    ] as const)
      expect(Math.abs(planned - due)).toBeLessThanOrEqual(5);
    expect(otherly.ok).toBe(otherly.planned);
    expect(p50Ms(otherly)).toBeLessThan(4 * p50Ms(ownly) + 2);
    process.stderr.write(
      `built in: ${ownly.planned} requests, p50 ${p50Ms(ownly)} ms, ${cpuOf(own)} µs a request; ` +
        `k6: ${otherly.planned}, p50 ${p50Ms(otherly)} ms, ${cpuOf(other)} µs\n`,
    );
    expect(cpuOf(other)).toBeGreaterThan(cpuOf(own));
  },
);

/** What the harness does with a k6, seen with a program that answers to the same command line and writes the same lines. */
describe.each([['a stand-in for k6', standIn()] as const, ...(k6 === undefined ? [] : [[withK6, k6] as const])])(
  '%s',
  (_name, program) => {
    const engine = engineFor({ ...size, engine: 'k6' });

    test('each phase has the requests that were due in it, and the processor time is told', async () => {
      await using server = await serve(() => undefined);
      const driven = await drive(engine, { traffic: server.origin, program });
      const baseline = baselineOf(driven);
      expect(baseline.planned).toBeGreaterThan(0.9 * driven.due);
      expect(baseline.planned).toBeLessThan(1.1 * driven.due);
      expect(baseline).toMatchObject({ ok: baseline.planned, sent: baseline.planned, errors: {} });
      expect(driven.latency.map(({ phase }) => phase)).toEqual(['warmup', 'baseline']);
      expect(cpuOf(driven)).toBeGreaterThan(0);
      expect(loadGuards(none, [baseline]).filter(({ guard }) => guard === 'load-delivered')).toEqual([]);
    });

    test('an answer of another write is a wrong answer, told with its route', async () => {
      let wrong = false;
      await using server = await serve(() => (wrong ? '/seq/99' : undefined));
      const driven = await drive(engine, { traffic: server.origin, program, during: () => (wrong = true) });
      expect(baselineOf(driven).errors['wrong-seq']).toBeGreaterThan(75);
      expect(driven.recorder.history).toContainEqual(
        expect.objectContaining({ kind: 'wrong-answer', route: 'settled-0', status: 200, expected: 1 }),
      );
    });

    test('a gateway that hangs: what waits times out, the rest is dropped, and the guard says that it is no experiment', async () => {
      let hangs = false;
      await using server = await serve(() => (hangs ? 'hang' : undefined));
      const driven = await drive(engine, {
        traffic: server.origin,
        program,
        connections: 4,
        during: () => (hangs = true),
      });
      const baseline = baselineOf(driven);
      expect(baseline.errors['timeout']).toBeGreaterThan(0);
      expect(baseline.errors['timeout']).toBeLessThanOrEqual(4);
      expect(baseline.planned - baseline.sent).toBeGreaterThan(75);
      expect(loadGuards(none, [baseline])).toContainEqual({
        guard: 'load-delivered',
        detail: `${baseline.sent} of ${baseline.planned} planned requests were sent in baseline`,
      });
    });

    test('a k6 that ends by itself ends the trial with its own words', async () => {
      const script = 'export default function () {}\nthrow new Error("of no use");\n';
      await expect(drive(engine, { traffic: 'http://127.0.0.1:9', program, script })).rejects.toThrow(/of no use/);
    });
  },
);

test('no program is a mistake with a code', async () => {
  const engine = engineFor({ ...size, engine: 'k6' });
  await expect(drive(engine, { traffic: 'http://127.0.0.1:9' })).rejects.toMatchObject({ code: 'LOAD_ENGINE' });
});
