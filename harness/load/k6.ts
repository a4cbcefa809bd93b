/**
 * k6 as load engine: its constant-arrival-rate begins an iteration when one is due, as long as a connection is free; what is due
 * while none is, is dropped, and the guard says so. Its stream of samples is read as it comes, and each request counts to the
 * phase in which it was due. It takes 25 to 50 times the processor time of the engine that is built in; how much is recorded.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { HarnessError } from '../model/errors.ts';
import type { Instance, Workload } from '../model/ports.ts';
import type { LoadEngine, LoadHost } from './engine.ts';
import { hear, recordCost } from './hear.ts';
import { cpuSecondsOf } from './k6/cpu-seconds.ts';
import { type Gate, startGate } from './k6/gate.ts';
import { Readings } from './k6/readings.ts';
import { frame, requests, timeoutMs } from './k6/scripts.ts';
import type { LoadOptions } from './load-messages.ts';
import { PhaseMeters } from './phase-meters.ts';

/** Making hundreds of virtual users takes seconds on a busy host. Milliseconds. */
const readyWithinMs = 60_000;
/** Its samples come five times a second. */
const tallyMs = 200;
const tellsLateMs = 2_000;
const name = 'k6';

export const k6: LoadEngine = {
  async start(options, host, recorder, onTally) {
    await using undo = new AsyncDisposableStack();
    const gate = undo.use(await startGate());
    const meters = new PhaseMeters((message) => hear(message, recorder, onTally));
    const readings = new Readings(options.ratePerSecond, meters);
    undo.defer(() => host.stop(name));
    const instance = await host.launch(workloadOf(options, host, gate.url, readings), host.signal);
    await ready(gate, instance, host.signal);
    const timers = undo.use(new DisposableStack());
    let cpuBefore: number | undefined;
    const owned = undo.move();
    return {
      enter(phase) {
        // k6 stamps its samples with the wall clock.
        meters.enter(phase, Date.now());
        if (cpuBefore !== undefined) return;
        cpuBefore = cpuSecondsOf(instance.pid);
        every(1_000, () => meters.endSecond(), timers);
        every(tallyMs, () => meters.sayTally(), timers);
        gate.open();
      },
      async finish() {
        await lastAnswers(readings, instance);
        recordCost(cpuSecondsOf(instance.pid) - (cpuBefore ?? 0), readings.begun, recorder);
        await host.stop(name);
        timers.dispose();
        meters.endSecond();
        return meters.finish();
      },
      [Symbol.asyncDispose]: () => owned.disposeAsync(),
    };
  },
};

function every(ms: number, act: () => void, timers: DisposableStack): void {
  const timer = setInterval(act, ms);
  timers.defer(() => clearInterval(timer));
}

/** It goes on meanwhile, and what it sends counts nowhere: so it tells that nothing from before is under way any more. */
async function lastAnswers(readings: Readings, { died }: Instance): Promise<void> {
  const endMs = Date.now();
  readings.end(endMs);
  while (!readings.over && Date.now() < endMs + timeoutMs + tellsLateMs) await Promise.race([sleep(20), died]);
  readings.giveUp();
}

function workloadOf(options: LoadOptions, { k6: command, folder }: LoadHost, gate: URL, readings: Readings): Workload {
  if (command === undefined) throw new HarnessError('LOAD_ENGINE', 'the plan wants k6, and there is none');
  const own = path.join(folder, 'k6');
  mkdirSync(own, { recursive: true });
  const script = path.join(own, 'load.js');
  writeFileSync(script, frame(options, gate));
  writeFileSync(path.join(own, 'requests.js'), options.script ?? requests(options));
  // `vu` tells samples of one iteration from those of others; what nobody reads would be written all the same.
  const tags = ['--system-tags', 'status,error_code,expected_response,vu'];
  const routes = JSON.stringify(options.targets);
  const given = ['-e', `GATECRASH_TARGET=${options.traffic}`, '-e', `GATECRASH_ROUTES=${routes}`];
  return {
    name,
    command,
    args: ['run', '--quiet', '--no-color', '--out', 'json=-', ...tags, ...given, script],
    env: {
      K6_SUMMARY_MODE: 'disabled',
      K6_NO_THRESHOLDS: 'true',
      K6_NO_USAGE_REPORT: 'true',
      K6_AUTO_EXTENSION_RESOLUTION: 'false',
    },
    output: (chunk) => readings.read(chunk),
  };
}

async function ready({ reached }: Gate, { died }: Instance, signal: AbortSignal): Promise<void> {
  const limit = AbortSignal.any([signal, AbortSignal.timeout(readyWithinMs)]);
  const late = new Promise<never>((_, reject) =>
    limit.addEventListener('abort', () => {
      const words = `k6 was not ready within ${readyWithinMs / 1_000} s`;
      reject(signal.aborted ? signal.reason : new HarnessError('LOAD_ENGINE', words));
    }),
  );
  await Promise.race([reached, died, late]);
}
