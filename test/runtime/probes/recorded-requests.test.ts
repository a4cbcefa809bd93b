/** The recorded requests against real gateways: a clean one answers them alike each time, a known-bad one is found by name. */
import { expect, test } from 'vitest';
import { writeObjects } from '../../../harness/load/conformance-objects.ts';
import { responseDiffs } from '../../../harness/judge/streams/response-diffs.ts';
import type { TrialEvidence } from '../../../harness/model/evidence.ts';
import type { History } from '../../../harness/model/history.ts';
import type { Arm } from '../../../harness/model/plan.ts';
import { askConformance } from '../../../harness/probes/conformance/ask.ts';
import { recordedRequests } from '../../../scenarios/http/recorded-requests.ts';
import { until } from '../../support/http.ts';
import { memoryRecorder } from '../../support/recorder.ts';
import { type WholeWorld, startWholeWorld } from '../../support/whole-world.ts';

const { conformance } = recordedRequests;
if (conformance === undefined) throw new Error('the scenario asks requests');
const asked = conformance;
const never = new AbortController().signal;

/** What a gateway answers, as the history of a trial. */
async function answersOf({ world }: WholeWorld): Promise<History> {
  const recorder = memoryRecorder();
  await askConformance(world.gateway, asked, 'before', recorder, never);
  return recorder.history;
}

async function served(variant: string): Promise<WholeWorld> {
  const whole = await startWholeWorld([], variant);
  const { world } = whole;
  await writeObjects(world, asked);
  await until(async () => (await answerOfPlain(whole)).includes('200'), 'the objects are served');
  return whole;
}

async function answerOfPlain({ world }: WholeWorld): Promise<string> {
  const recorder = memoryRecorder();
  const [plain] = asked.requests;
  await askConformance(world.gateway, { ...asked, requests: [plain] }, 'before', recorder, never);
  return recorder.history.map((o) => (o.kind === 'conformance' ? o.answer : '')).join('');
}

const trialOf = (arm: Arm, history: History): TrialEvidence => {
  return { scenario: 's', block: 1, arm, seed: 1, folder: 't', state: 'completed', history, latency: [] };
};

test('over three hundred requests, answered alike by a clean gateway each time, and otherwise by a known-bad one', async () => {
  await using clean = await served('');
  await using bad = await served('+reject-encoded-chars');
  const [stable, twin, canary] = [await answersOf(clean), await answersOf(clean), await answersOf(bad)];
  expect(stable.length).toBeGreaterThan(300);
  const silent = stable.flatMap((o) =>
    o.kind === 'conformance' && o.answer.includes('never ended') ? [o.request] : [],
  );
  expect(silent).toEqual([]);
  const diffs = responseDiffs([
    {
      block: 1,
      trials: { stable: trialOf('stable', stable), twin: trialOf('twin', twin), canary: trialOf('canary', canary) },
    },
  ]);
  expect(diffs?.asked).toBe(stable.length);
  expect(diffs?.shown.filter(({ by }) => by !== 'canary')).toEqual([]);
  expect(diffs?.shown.map(({ request }) => request)).toContain('path /all/a%2Fb');
  expect(diffs?.differ).toBeLessThan(stable.length / 2);
}, 480_000);
