/**
 * A gateway that does not come up, dies, or does not do what it is told leaves a trial that is no experiment. When that is the
 * canary in block after block, while both stable arms are tried to their end in the very same ones, it is no chance either: if the
 * builds were alike, each of the three arms would be the one with equal probability.
 */
import type { Judged, Setting } from './finding.ts';
import { type Breaches, rule } from './invariant-rule.ts';
import { firstLook } from './looks.ts';
import { staysUp } from './oracles/stays-up.ts';
import { rounded } from './round.ts';
import { plural } from './words.ts';

const { breaks } = staysUp;

/**
 * By the rule of the invariants, in every scenario whether or not it asks for it: a regression, or undecided while chance is not
 * ruled out. Undefined where there is no such block.
 */
export function downFinding({ plan, blocks, stable, canary }: Setting): Judged | undefined {
  const down = blocks.invalid.flatMap(({ block, down: found }) => (found === undefined ? [] : [{ block, found }]));
  const [first] = down;
  if (first === undefined) return undefined;
  const { name } = plan.scenario;
  const run = blocks.valid.length + blocks.invalid.length;
  const breaches: Breaches = { stable: [], twin: [], canary: down.map(({ block }) => block) };
  const { decision, p, blocksNeeded } = rule(breaches, blocks.valid.length, run, firstLook(plan).blocks);
  const where = `in ${down.length} of ${plural(run, 'block')} of ${name}`;
  const seen = `canary ${canary} ${breaks} ${where}: ${firstLine(first.found.text)} (stable ${stable} was tried to the end there each time)`;
  return {
    finding: {
      scenario: name,
      expectation: { kind: 'invariant', oracle: 'stays-up' },
      subject: 'stays-up',
      decision,
      because: blocksNeeded === null ? seen : `${seen}; ${plural(blocksNeeded, 'more block')} must rule out chance`,
      ...(p === undefined ? {} : { pValue: rounded(p) }),
      breaches,
      evidence: down.map(({ block, found }) => ({ ...found, text: `block ${block}, canary: ${found.text}` })),
    },
    blocksNeeded,
  };
}

/** The last lines of a log follow in the evidence. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/; its last lines:$/, '');
}
