import { expect, test } from 'vitest';
import { parseBuild } from '../../../harness/model/build.ts';
import type { Evidence } from '../../../harness/model/evidence.ts';
import { type Plan, arms } from '../../../harness/model/plan.ts';
import type { Decision, Finding, ScenarioVerdict, Verdict } from '../../../harness/model/verdict.ts';
import { makePlan } from '../../../harness/run/make-plan.ts';
import { nextBlock } from '../../../harness/run/next-block.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';

const build = parseBuild('reference@.');
if (build === undefined) throw new Error('reference@. is a build');
const looks = [
  { blocks: 3, alpha: 0.0375 },
  { blocks: 5, alpha: 0.0125 },
];
const scenarios = catalogue.slice(0, 2);
const plan: Plan = makePlan({ scenarios, builds: { stable: build, twin: build, canary: build }, arms, looks, seed: 1 });
const [first = '', second = ''] = scenarios.map(({ name }) => name);

/** With which a block was played: not what was planned for it, as in a replay. */
function seedOf(block: number): number {
  return 1_000 + block;
}

/** What is known after so many blocks of each scenario, and what the judge made of it. */
function after(
  said: readonly Partial<ScenarioVerdict>[],
  decision: Decision = 'inconclusive',
): [Plan, Evidence, Verdict] {
  const verdicts = said.map((verdict, index) => scenarioVerdict([first, second][index] ?? '', verdict));
  const trials = verdicts.flatMap(({ scenario, blocks }) =>
    Array.from({ length: blocks.used + blocks.invalid }, (_, block) => ({
      scenario,
      block: block + 1,
      arm: 'canary' as const,
      seed: seedOf(block + 1),
      folder: '',
      state: 'completed' as const,
      history: [],
      latency: [],
    })),
  );
  const verdict: Verdict = {
    schema: 1,
    decision,
    because: '',
    stable: '',
    canary: '',
    planHash: '',
    constants: {},
    scenarios: verdicts,
  };
  return [plan, { plan, trials }, verdict];
}

function scenarioVerdict(scenario: string, said: Partial<ScenarioVerdict>): ScenarioVerdict {
  return {
    scenario,
    claim: '',
    decision: 'inconclusive',
    blocks: { used: 0, invalid: 0 },
    findings: [],
    blocksNeeded: null,
    ...said,
  };
}

function breach(...canary: readonly number[]): Finding {
  const [expectation] = catalogue[0]?.expectations ?? [];
  if (expectation === undefined) throw new Error('a scenario expects something');
  const breaches = { stable: [], twin: [], canary };
  return { scenario: first, expectation, subject: '', decision: 'inconclusive', because: '', breaches, evidence: [] };
}

const chosen = (...known: [Plan, Evidence, Verdict]): string => {
  const next = nextBlock(...known);
  return next === undefined ? 'none' : `${next.plan.scenario.name} ${next.block.block}`;
};

test('every scenario first gets the blocks of its first look, in the order of the plan', () => {
  expect(chosen(...after([{}, {}]))).toBe(`${first} 1`);
  expect(chosen(...after([{ blocks: { used: 2, invalid: 0 } }, {}]))).toBe(`${first} 3`);
  expect(chosen(...after([{ blocks: { used: 3, invalid: 0 }, blocksNeeded: 2 }, {}]))).toBe(`${second} 1`);
});

test('then the undecided ones go on, and the decided ones do not', () => {
  const decided: Partial<ScenarioVerdict> = { decision: 'safe', blocks: { used: 3, invalid: 0 } };
  const undecided: Partial<ScenarioVerdict> = { blocks: { used: 3, invalid: 0 }, blocksNeeded: 2 };
  expect(chosen(...after([decided, undecided]))).toBe(`${second} 4`);
  expect(chosen(...after([decided, decided], 'safe'))).toBe('none');
});

test('a regression ends the check at once', () => {
  expect(chosen(...after([{ blocks: { used: 3, invalid: 0 } }, {}], 'regression'))).toBe('none');
});

test('an invalid block is made up for, but not for ever', () => {
  expect(chosen(...after([{ blocks: { used: 2, invalid: 1 } }, {}]))).toBe(`${first} 4`);
  expect(
    chosen(...after([{ blocks: { used: 0, invalid: 7 } }, { decision: 'safe', blocks: { used: 3, invalid: 0 } }])),
  ).toBe('none');
});

test.each([
  [2, 3],
  [4, 5],
  [6, 6],
])('a breach is tried again with the seed with which block %i that showed it was played', (block, played) => {
  const known = after([
    { blocks: { used: played, invalid: 0 }, blocksNeeded: 1, findings: [breach(block)] },
    { blocks: { used: 3, invalid: 0 } },
  ]);
  expect(nextBlock(...known)?.block).toMatchObject({ block: played + 1, replayOf: block, seed: seedOf(block) });
});
