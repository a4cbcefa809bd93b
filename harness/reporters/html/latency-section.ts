/** How long requests took, before the fault and from it on: all of each arm's trials together. */
import { type Histogram, decodeFromCompressedBase64 } from 'hdr-histogram-js';
import type { TrialEvidence } from '../../model/evidence.ts';
import type { Phase } from '../../model/history.ts';
import { type Arm, arms } from '../../model/plan.ts';
import { key } from './arm-style.ts';
import { quantileChart } from './charts/quantile-chart.ts';
import { markup, type Markup } from './markup.ts';

/** Undefined when no trial came to its end. */
export function latencySection(id: string, trials: readonly TrialEvidence[]): Markup | undefined {
  const ended = trials.filter(({ state }) => state === 'completed');
  const charts = [
    quantileChart(`${id}-before`, 'Latency before the fault', together(ended, ['baseline'])),
    quantileChart(`${id}-after`, 'Latency from the fault to the end of the load', together(ended, ['fault', 'settle'])),
  ];
  if (charts.every((chart) => chart === undefined)) return undefined;
  const shown = arms.filter((arm) => ended.some((trial) => trial.arm === arm));
  return markup`<h3>How long requests took</h3>
<p>Counted from the moment at which a request was due, so that one that had to wait counts in full. Each line is made of
all completed trials of its arm.</p>
${key(shown)}
<div class="charts">${charts}</div>`;
}

function together(trials: readonly TrialEvidence[], phases: readonly Phase[]): ReadonlyMap<Arm, Histogram> {
  const all = new Map<Arm, Histogram>();
  for (const { arm, latency } of trials) {
    for (const { phase, histogram } of latency) {
      if (!phases.includes(phase)) continue;
      const decoded = decodeFromCompressedBase64(histogram, 32, false);
      const before = all.get(arm);
      if (before === undefined) all.set(arm, decoded);
      else before.add(decoded);
    }
  }
  return all;
}
