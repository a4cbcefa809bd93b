/** The load engine on a core of its own: one round of load against a port, told as a message when it is over. */
import { setTimeout as sleep } from 'node:timers/promises';
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { startLoad } from '../harness/load/open-loop.ts';

export interface LoadOrder {
  readonly port: number;
  readonly ratePerSecond: number;
  readonly connections: number;
  readonly seed: number;
}

export interface LoadFigures {
  readonly planned: number;
  readonly ok: number;
  readonly errors: Readonly<Record<string, number>>;
  readonly sendLatenessP99Ms: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

const warmUpMs = 1_000;
const windowMs = 3_000;

async function drive({ port, ...rest }: LoadOrder): Promise<LoadFigures> {
  const targets = Array.from({ length: 100 }, (_, index) => ({ route: `r${index}`, path: `/r/${index}`, seq: 1 }));
  await using load = await startLoad(
    { ...rest, traffic: `http://127.0.0.1:${port}`, targets },
    { record: () => undefined, now: () => performance.now() },
  );
  load.enter('warmup');
  await sleep(warmUpMs);
  load.enter('baseline');
  await sleep(windowMs);
  const phase = (await load.finish()).find((each) => each.phase === 'baseline');
  if (phase === undefined) throw new Error('the load engine tells nothing of the measured phase');
  const latency = decodeFromCompressedBase64(phase.histogram);
  const [p50Ms = Number.NaN, p99Ms = Number.NaN] = [50, 99].map((at) => latency.getValueAtPercentile(at) / 1_000);
  const { planned, ok, errors, sendLatenessP99Ms } = phase;
  return { planned, ok, errors, sendLatenessP99Ms, p50Ms, p99Ms };
}

process.once('message', (order: LoadOrder) => {
  void drive(order).then((figures) => process.send?.(figures));
});
