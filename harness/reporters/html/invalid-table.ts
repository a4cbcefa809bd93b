/** Trials that were no experiment, and why: their blocks have no weight in the verdict. */
import { invalidTrials, type InvalidTrial } from '../invalid-trials.ts';
import type { Evidence } from '../../model/evidence.ts';
import { markup, type Markup } from './markup.ts';
import { place } from './place.ts';
import { table } from './table.ts';

export function invalidTable(evidence: Evidence): Markup | undefined {
  const rows = invalidTrials(evidence).map(row);
  if (rows.length === 0) return undefined;
  const caption = 'Trials that do not count';
  const head = ['block, arm', 'state', 'reason', 'record'];
  return markup`<h3>${caption}</h3>
<p>A trial that was no fair experiment is left out with its whole block.</p>
${table({ caption, head, rows, limit: 20, rest: 'trials/*/trial.json' })}`;
}

function row({ trial, reason }: InvalidTrial): readonly (string | Markup)[] {
  const { block, arm, folder, state } = trial;
  return [
    `${block}, ${arm}`,
    state === 'completed' ? 'invalid' : state,
    markup`<span class="log">${reason}</span>`,
    place(`${folder}/trial.json`),
  ];
}
