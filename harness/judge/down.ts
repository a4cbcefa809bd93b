/**
 * A gateway that does not come up, dies, or does not do what it is told leaves a trial that is no experiment. When that is the
 * canary in block after block, while both stable arms are tried to their end in the very same ones, it is no chance either: if the
 * builds were alike, each of the three arms would be the one with equal probability.
 */
import { type Arm, arms } from '../model/plan.ts';
import type { Judged, Setting } from './finding.ts';
import { type Breaches, rule } from './invariant-rule.ts';
import { firstLook } from './looks.ts';
import { staysUp } from './oracles/stays-up.ts';
import { rounded } from './round.ts';
import { plural } from './words.ts';

const { breaks } = staysUp;

/**
 * By the rule of the invariants, in every scenario whether or not it asks for it: a regression, undecided while chance is not
 * ruled out, or a known weakness when a stable arm was down in any block. Undefined where the canary never was.
 */
export function downFinding({ plan, blocks, stable, canary }: Setting): Judged | undefined {
  const found = blocks.invalid.flatMap(({ block, down }) =>
    arms.flatMap((arm) => (down[arm] === undefined ? [] : [{ block, arm, pointer: down[arm] }])),
  );
  const first = found.find(({ arm }) => arm === 'canary');
  if (first === undefined) return undefined;
  const of = (wanted: Arm): readonly number[] => found.filter(({ arm }) => arm === wanted).map(({ block }) => block);
  const breaches: Breaches = { stable: of('stable'), twin: of('twin'), canary: of('canary') };
  const run = blocks.valid.length + blocks.invalid.length;
  const { decision, p, blocksNeeded } = rule(breaches, blocks.valid.length, run, firstLook(plan).blocks);
  const { name } = plan.scenario;
  const seen = `canary ${canary} ${breaks} in ${breaches.canary.length} of ${plural(run, 'block')} of ${name}`;
  const what = firstLine(first.pointer.text);
  const ofStable = plural(breaches.stable.length + breaches.twin.length, 'trial');
  const because =
    decision === 'known-weakness'
      ? `known weakness: ${seen}, and neither does stable ${stable} (${ofStable}): ${what}`
      : `${seen}: ${what} (stable ${stable} was tried to the end there each time)`;
  return {
    finding: {
      scenario: name,
      expectation: { kind: 'invariant', oracle: 'stays-up' },
      subject: 'stays-up',
      decision,
      because:
        blocksNeeded === null ? because : `${because}; ${plural(blocksNeeded, 'more block')} must rule out chance`,
      ...(p === undefined ? {} : { pValue: rounded(p) }),
      breaches,
      evidence: found.map(({ block, arm, pointer }) => ({
        ...pointer,
        text: `block ${block}, ${arm}: ${pointer.text}`,
      })),
    },
    blocksNeeded,
  };
}

/** The last lines of a log follow in the evidence. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/; its last lines:$/, '');
}
