/** CPU profiles of a real gateway that is busy, one of each worker. */
import { expect, test } from 'vitest';
import type { CpuProfile } from '../../../harness/model/cpu-profile.ts';
import { takeProfiles } from '../../../harness/probes/cpu-profiles.ts';
import { connectWorkers } from '../../../harness/probes/workers.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { memoryRecorder } from '../../support/recorder.ts';
import { startWholeWorld } from '../../support/whole-world.ts';

const never = new AbortController().signal;
const short = { ...none, phases: { ...none.phases, fault: '2s' } } as const;

test('each worker gives a profile of what it did, and one that cannot is told and left out', async () => {
  await using whole = await startWholeWorld();
  const { gateway } = whole.world;
  await using workers = await connectWorkers(gateway, never);
  const recorder = memoryRecorder();
  const saved = new Map<string, CpuProfile>();
  const log = { recorder, saveProfile: (worker: string, profile: CpuProfile) => void saved.set(worker, profile) };
  const over = new AbortController();
  const load = workers.all.map(async (worker) => {
    while (!over.signal.aborted) await worker.read('/settled/0', never);
  });
  await takeProfiles({ gateway, workers }, short, log, never);
  over.abort();
  await Promise.all(load);
  expect([...saved.keys()].toSorted()).toEqual(workers.all.map(({ name }) => name).toSorted());
  for (const { nodes, samples, startTime, endTime } of saved.values()) {
    expect(endTime - startTime).toBeGreaterThan(900_000);
    const sampled = new Set(samples);
    const busy = nodes.filter(({ id }) => sampled.has(id)).map(({ callFrame }) => callFrame.url);
    expect(busy.some((url) => url.includes('/gateway/'))).toBe(true);
  }

  const strange = { ...workers, all: [{ name: '99' }] } as unknown as typeof workers;
  await takeProfiles({ gateway, workers: strange }, short, log, never);
  expect(saved.has('99')).toBe(false);
  expect(recorder.history.at(-1)).toMatchObject({ kind: 'guard', guard: 'profile', detail: expect.stringContaining('there is no worker 99') as string }); // prettier-ignore
});
