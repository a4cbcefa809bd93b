/** Where the processor time of stable and canary goes, and what differs. */
import type { TakenProfile } from '../../../model/cpu-profile.ts';
import type { Arm } from '../../../model/plan.ts';
import { plural } from '../../words.ts';
import { markup, type Markup } from '../markup.ts';
import { place } from '../place.ts';
import { folded, table } from '../table.ts';
import { number } from '../units.ts';
import { type Frame, callTree } from './call-tree.ts';
import { type Flames, flameGraph } from './flame-graph.ts';
import { culprit, moved } from './growth.ts';

const shownFunctions = 12;
/** Of those that lead to the growth, the last. */
const shownCalls = 4;

/** Undefined when the scenario has no profiles. */
export function flameSection(scenario: string, profiles: readonly TakenProfile[] = []): Markup | undefined {
  const own = profiles.filter((taken) => taken.scenario === scenario);
  const tree = (arm: Arm): Frame | undefined => {
    const taken = own.filter((one) => one.arm === arm);
    return taken.length === 0 ? undefined : callTree(taken.map(({ profile }) => profile));
  };
  const [stable, canary] = [tree('stable'), tree('canary')];
  if (stable === undefined && canary === undefined) return undefined;
  const both = stable !== undefined && canary !== undefined;
  return markup`<h3>Where the processor time goes</h3>
${both ? verdict(stable, canary) : undefined}
<p>CPU profiles from the fault phase of ${plural(new Set(own.map(({ arm }) => arm)).size, 'trial')} that nobody judged, since the profiler takes
time itself. Mean over the workers, in milliseconds of processor time a second; callers above, what they call below; all
graphs to one scale. Point at a frame for its file and numbers.</p>
${both ? difference(stable, canary) : undefined}
${graphs(stable, canary)}
${folded('Profiles to open in developer tools or speedscope', fileList(own))}`;
}

function verdict(stable: Frame, canary: Frame): Markup {
  const calls = culprit(stable, canary);
  const last = calls.at(-1);
  const totals = `A worker of canary takes ${number(canary.total)} ms a second, of stable ${number(stable.total)}.`;
  if (last === undefined) return markup`<p>${totals} No call accounts for a difference worth a word.</p>`;
  const path = calls.slice(-shownCalls).map(({ name, place }, i) => {
    const where = place === '' ? undefined : markup` (${place})`;
    return markup`${i === 0 ? '' : ' → '}<strong><code>${name}</code></strong>${where}`;
  });
  return markup`<p>${totals} Most of the ${number(canary.total - stable.total)} ms more is under ${path}, which takes
${number(last.total)} ms.</p>`;
}

function difference(stable: Frame, canary: Frame): Markup {
  const graph = flameGraph({
    title: 'Canary, coloured by its difference to stable',
    description: 'Flame graph of the canary by its difference to stable; the table below has the numbers',
    tree: canary,
    widest: Math.max(stable.total, canary.total),
    against: stable,
  });
  const rows = moved(stable, canary)
    .slice(0, shownFunctions)
    .map(({ name, place, stable, canary }) => [
      markup`<code>${name}</code>`,
      markup`<code>${place}</code>`,
      number(stable.self),
      number(canary.self),
      number(stable.total),
      number(canary.total),
    ]);
  const head = ['function', 'where', 'stable, itself', 'canary, itself', 'stable, with calls', 'canary, with calls'];
  return markup`${graph}
${table({ caption: 'Functions whose own time differs most, ms a second', head, rows })}`;
}

function graphs(stable: Frame | undefined, canary: Frame | undefined): readonly Markup[] {
  const widest = Math.max(stable?.total ?? 0, canary?.total ?? 0);
  const graph = (arm: Arm, tree: Frame | undefined): readonly Markup[] => {
    if (tree === undefined) return [];
    const { total, children } = tree;
    const dearest = children[0];
    const words = dearest === undefined ? '' : `; most under ${dearest.name}`;
    const flames: Flames = {
      title: `${arm}: ${number(total)} ms a second`,
      description: `Flame graph of ${arm}: ${number(total)} ms a second${words}`,
      tree,
      widest,
    };
    return [flameGraph(flames)];
  };
  return [...graph('stable', stable), ...graph('canary', canary)];
}

function fileList(taken: readonly TakenProfile[]): Markup {
  return markup`<ul>${taken.map(({ arm, worker, file }) => markup`<li>${arm}, worker ${worker}: ${place(file)}</li>\n`)}</ul>`;
}
