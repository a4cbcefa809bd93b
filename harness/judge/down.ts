/**
 * A gateway that does not come up, dies, or does not do what it is told leaves a trial that is no experiment. When that is the
 * canary in block after block, while both stable arms are tried to their end in the very same ones, it is no chance either: if the
 * builds were alike, each of the three arms would be the one with equal probability.
 */
import type { Finding } from '../model/verdict.ts';
import type { Setting } from './finding.ts';
import { decisiveBlocks } from './invariant-rule.ts';
import { staysUp } from './oracles/stays-up.ts';
import { rounded } from './round.ts';
import { plural } from './words.ts';

const { breaks } = staysUp;

/** A regression, in every scenario whether or not it asks for it; undefined where there are not enough such blocks. */
export function downFinding({ plan, blocks, stable, canary }: Setting): Finding | undefined {
  const down = blocks.invalid.flatMap(({ block, down: found }) => (found === undefined ? [] : [{ block, found }]));
  const [first] = down;
  if (first === undefined || down.length < decisiveBlocks) return undefined;
  const { name } = plan.scenario;
  const all = plural(blocks.valid.length + blocks.invalid.length, 'block');
  const where = `in ${down.length} of ${all} of ${name}`;
  return {
    scenario: name,
    expectation: { kind: 'invariant', oracle: 'stays-up' },
    subject: 'stays-up',
    decision: 'regression',
    because: `canary ${canary} ${breaks} ${where}: ${firstLine(first.found.text)} (stable ${stable} was tried to the end there each time)`,
    pValue: rounded(3 ** -down.length),
    breaches: { stable: [], twin: [], canary: down.map(({ block }) => block) },
    evidence: down.map(({ block, found }) => ({ ...found, text: `block ${block}, canary: ${found.text}` })),
  };
}

/** The last lines of a log follow in the evidence. */
function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').replace(/; its last lines:$/, '');
}
