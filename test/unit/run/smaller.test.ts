import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shrink, smallerThan } from '../../../harness/run/smaller.ts';
import { scenarioMistakes } from '../../../scenarios/check.ts';
import { milliseconds } from '../../../scenarios/duration.ts';
import type { Fault, Scenario, Step } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';

const faults: readonly Fault[] = [
  { kind: 'watch.stall', mode: 'dead' },
  { kind: 'watch.cut' },
  { kind: 'etcd.pause' },
  { kind: 'routes.noop', putsPerSecond: 5 },
  { kind: 'upstream.refuse' },
  { kind: 'gateway.reload' },
];

function scenarioOf(timeline: readonly Step[], ballast = 0): Scenario {
  const phases = { warmup: '1s', baseline: '2s', fault: '60s', settle: '3s' } as const;
  return { ...none, table: { settled: 10, ballast }, phases, timeline };
}

/** One to six steps, one after the other, of which some repeat. */
const scenarios = fc
  .uniqueArray(
    fc.record({ fault: fc.constantFrom(...faults), hold: fc.integer({ min: 1, max: 8 }), twice: fc.boolean() }),
    {
      minLength: 1,
      maxLength: 6,
      // Two of a kind cannot hold at one time, so they cannot be moved together.
      selector: ({ fault }) => fault.kind,
    },
  )
  .map((steps) =>
    scenarioOf(
      steps.map(({ fault, hold, twice }, index): Step => {
        const repeat = twice && hold < 4 ? { repeat: { gap: '1s', times: 2 } as const } : {};
        return { at: `${index * 9}s`, hold: `${hold}s`, fault, ...repeat };
      }),
    ),
  )
  .filter((scenario) => scenarioMistakes(scenario).length === 0);

const kindsOf = ({ timeline }: Scenario): readonly string[] => timeline.map(({ fault }) => fault.kind);

test('what is needed stays, all else goes: steps, times, lengths', async () => {
  const anyPart = scenarios.chain((scenario) =>
    fc.tuple(fc.constant(scenario), fc.subarray([...scenario.timeline.keys()], { minLength: 1 })),
  );
  await fc.assert(
    fc.asyncProperty(anyPart, async ([scenario, needed]) => {
      const wanted = needed.map((index) => kindsOf(scenario)[index] ?? '').toSorted();
      const has = (candidate: Scenario): boolean => {
        const left = [...kindsOf(candidate)];
        return wanted.every((kind) => left.includes(kind) && left.splice(left.indexOf(kind), 1).length === 1);
      };
      const smallest = await shrink(scenario, async (candidate) => has(candidate.scenario));
      expect(kindsOf(smallest).toSorted()).toEqual(wanted);
      for (const step of smallest.timeline) {
        expect(step.repeat).toBeUndefined();
        expect(milliseconds(step.hold)).toBeLessThan(500);
      }
      expect(milliseconds(smallest.phases.fault)).toBeLessThan(1_000);
      expect(scenarioMistakes(smallest)).toEqual([]);
    }),
    { numRuns: 100 },
  );
});

test('every candidate can be played, and none is tried twice while the steps are the same', async () => {
  await fc.assert(
    fc.asyncProperty(scenarios, fc.func(fc.boolean()), async (scenario, answer) => {
      const tried: string[] = [];
      await shrink(scenario, async (candidate) => {
        expect(scenarioMistakes(candidate.scenario)).toEqual([]);
        tried.push(JSON.stringify(candidate.scenario));
        return answer(candidate.change);
      });
      expect(new Set(tried).size).toBe(tried.length);
    }),
    { numRuns: 100 },
  );
});

test('a step goes with those that wait for it', () => {
  const timeline: readonly Step[] = [
    { id: 'first', at: '0s', hold: '1s', fault: { kind: 'etcd.pause' } },
    { id: 'second', after: 'first', at: '0s', hold: '1s', fault: { kind: 'watch.cut' } },
    { after: 'second', at: '0s', hold: '1s', fault: { kind: 'upstream.refuse' } },
  ];
  const [all, two, one] = smallerThan(scenarioOf(timeline));
  expect(all?.change).toBe('without etcd.pause and watch.cut and upstream.refuse');
  expect(two?.change).toBe('without watch.cut and upstream.refuse');
  expect(one?.change).toBe('without upstream.refuse');
});

test('with no time left the smallest so far is it', async () => {
  const scenario = scenarioOf([{ at: '0s', hold: '4s', fault: { kind: 'etcd.pause' } }], 100);
  let plays = 0;
  const smallest = await shrink(scenario, async ({ change }) =>
    ++plays > 3 ? undefined : !change.startsWith('without'),
  );
  expect(plays).toBe(4);
  expect(kindsOf(smallest)).toEqual(['etcd.pause']);
  expect(milliseconds(smallest.phases.fault)).toBe(4_000);
});
