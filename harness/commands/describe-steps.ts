/** The timeline of a plan in words: what is broken when, whether and by what means this host can, and what that needs of it. */
import type { Fault, Scenario, Step } from '../../scenarios/scenario.ts';
import { type PlannedStep, plannedSteps } from '../../scenarios/timeline.ts';
import { injectorOf } from '../faults/index.ts';
import { type Stage, lackFor } from '../faults/lacks.ts';
import { standInsOf } from '../faults/stand-ins.ts';

/** ✓: it can be done here. ↷: by other means than elsewhere. ✗: it cannot. */
type Mark = '✓' | '↷' | '✗';

interface Able {
  readonly mark: Mark;
  /** What is lacking and what is done instead, as an addition to a sentence; empty when nothing lacks. */
  readonly words: string;
}

const unable: Able = { mark: '✗', words: '' };

export function stepLines(scenario: Scenario, stage: Stage): readonly string[] {
  if (scenario.timeline.length === 0) return ['  at -      nothing is broken'];
  const able = abilities(scenario, stage);
  const steps = plannedSteps(scenario).map((planned, index) => {
    const { fault, hold } = planned.step;
    const { mark, words } = able[index] ?? unable;
    return `${startWords(planned.step)} ${mark} ${describeFault(fault)} for ${hold}${repeatWords(planned)}${words}`;
  });
  return [...steps, ...needLines(scenario, able)];
}

/** Whether any of it is done by other means than elsewhere. */
export function fallsBack(scenario: Scenario, stage: Stage): boolean {
  return abilities(scenario, stage).some(({ mark }) => mark === '↷');
}

/** Of each step. */
function abilities(scenario: Scenario, stage: Stage): readonly Able[] {
  const standIns = standInsOf(scenario, stage);
  return scenario.timeline.map(({ fault }, index): Able => {
    const lack = lackFor(fault, stage);
    const otherwise = injectorOf(fault).otherwise?.(stage.host);
    const by = standIns.find(({ step }) => step === index)?.by;
    if (by !== undefined) return { mark: '↷', words: `; ${lack}; instead ✓ ${describeFault(by)}` };
    if (lack !== undefined) return { mark: '✗', words: `; ${lack}` };
    return otherwise === undefined ? { mark: '✓', words: '' } : { mark: '↷', words: `; ${otherwise}` };
  });
}

/** What the steps need of a host beyond what every trial does, each once. */
function needLines({ timeline }: Scenario, able: readonly Able[]): readonly string[] {
  const needs = new Map<string, Mark>();
  for (const [index, { fault }] of timeline.entries()) {
    const { needs: needed } = injectorOf(fault).about;
    const { mark } = able[index] ?? unable;
    // Of several steps that need the same, one may be beyond it: so many watchers, so few files.
    if (needed !== undefined && needs.get(needed) !== '✗') needs.set(needed, mark);
  }
  return [...needs].map(([needed, mark]) => `  needs     ${mark} ${needed}`);
}

function startWords({ at, after, id }: Step): string {
  const name = id === undefined ? '' : ` ${id}:`;
  return `  at ${after === undefined ? at.padEnd(6) : `${at} after ${after}`}${name}`;
}

function repeatWords({ step: { repeat }, times }: PlannedStep): string {
  return repeat === undefined ? '' : `, ${times} times with ${repeat.gap} between`;
}

function describeFault({ kind, ...details }: Fault): string {
  const words = Object.entries(details).map(([name, value]) => {
    const said = typeof value === 'object' ? JSON.stringify(value) : String(value);
    return `${name} ${said}`;
  });
  return [kind, ...words].join(' ');
}
