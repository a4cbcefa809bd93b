/** Trials that were no experiment, and why: their blocks have no weight in the verdict. */
import type { TrialEvidence } from '../../model/evidence.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { markup, type Markup } from './markup.ts';
import { place } from './place.ts';
import { table } from './table.ts';

export function invalidTrials({ timeline }: Scenario, trials: readonly TrialEvidence[]): Markup | undefined {
  const rows = trials.flatMap((trial) => {
    const reasons = reasonsOf(trial, timeline.length);
    if (reasons.length === 0) return [];
    const state = trial.state === 'completed' ? 'invalid' : trial.state;
    return [
      [
        `${trial.block}, ${trial.arm}`,
        state,
        markup`<span class="log">${reasons.join('\n')}</span>`,
        place(`${trial.folder}/trial.json`),
      ],
    ];
  });
  if (rows.length === 0) return undefined;
  return markup`<h3>Trials that do not count</h3>
<p>A trial that was no fair experiment is left out with its whole block.</p>
${table({ caption: 'Trials that do not count', head: ['block, arm', 'state', 'reason', 'record'], rows, limit: 20, rest: 'trials/*/trial.json' })}`;
}

function reasonsOf(trial: TrialEvidence, steps: number): readonly string[] {
  if (trial.state !== 'completed') return [trial.reason ?? 'no reason was recorded'];
  const guards = trial.history.flatMap((o) => (o.kind === 'guard' ? [`${o.guard}: ${o.detail}`] : []));
  const verified = new Set(trial.history.flatMap((o) => (o.kind === 'fault' && o.edge === 'verified' ? [o.step] : [])));
  const unproven = steps - verified.size;
  return [...guards, ...(unproven > 0 ? [`${unproven} of ${steps} faults have no proof of effect`] : [])];
}
