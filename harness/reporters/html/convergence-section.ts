/** Which worker served which change, and when: stable and canary of one block side by side. */
import type { TrialEvidence } from '../../model/evidence.ts';
import { heatMap, levels } from './charts/heat-map.ts';
import { markup, trusted, type Markup } from './markup.ts';
import { staleness, watchedSpan } from './staleness.ts';
import { faultStart, type Timeline } from './timeline.ts';

/** Workers shown for each arm; the records tell of all. */
const mostWorkers = 4;

/** Undefined when no worker was seen to show a change. `shown`: the trials of the block. */
export function convergenceSection(
  id: string,
  shown: readonly TrialEvidence[],
  timeline: Timeline,
  workers: number,
): Markup | undefined {
  // Stable on the left, the canary on the right of it.
  const arms = shown.filter(({ arm }) => arm !== 'twin').toReversed();
  const maps = arms.map((trial) => mapsOf(id, trial, timeline, workers));
  const rows = Array.from({ length: mostWorkers }, (_, i) => maps.map((ofArm) => ofArm[i]));
  if (maps.every((ofArm) => ofArm.length === 0)) return undefined;
  return markup`<h3>Who served which change, and when</h3>
<p>A row is a route, or several, in the order in which they were changed; it begins with the change. The farther right its
strong colour reaches, the longer that worker served what was there before.</p>
<p class="key">${swatches()}</p>
<div class="charts">${rows}</div>`;
}

function mapsOf(id: string, trial: TrialEvidence, timeline: Timeline, workers: number): readonly Markup[] {
  const { history, arm } = trial;
  const seen = staleness(history, workers).filter(({ routes }) => routes.length > 0);
  return seen.slice(0, mostWorkers).map((worker, i) =>
    heatMap({
      id: `${id}-served-${arm}-${i + 1}`,
      title: `${arm}, worker ${worker.worker}`,
      worker,
      span: watchedSpan(history),
      startMs: faultStart(trial),
      timeline: { ...timeline, events: timeline.events.filter((event) => (event.arm ?? arm) === arm) },
    }),
  );
}

function swatches(): readonly Markup[] {
  const words = ['as written', 'up to a quarter in an older state', 'up to half', 'up to three quarters', 'more'];
  return Array.from({ length: levels + 1 }, (_, level) => {
    const box = trusted(
      `<svg viewBox="0 0 20 14" width="20" height="14" aria-hidden="true"><path d="M0 0h20v14h-20z" fill="var(--heat-${level})"/></svg>`,
    );
    return markup`<span>${box} ${words[level] ?? ''}</span> `;
  });
}
