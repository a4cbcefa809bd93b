/** From notes, a range and perhaps a run to `changelog.json`. Pure: the same input gives the same bytes. */
import { createHash } from 'node:crypto';
import type { Scenario } from '../../scenarios/scenario.ts';
import type { ChangelogReport } from '../model/changelog.ts';
import type { Verdict } from '../model/verdict.ts';
import { areasOf } from './exercises.ts';
import { label } from './labels/label.ts';
import { newBetween } from './lineage.ts';
import { calledScenarios } from './plan.ts';
import type { ReadNotes } from './read.ts';
import { constants } from './verdict/constants.ts';
import { holdAll } from './verdict/hold.ts';
import { movesOf, untoldOf } from './verdict/moves.ts';

export interface Question {
  readonly from: string;
  readonly to: string;
  readonly catalogue: readonly Scenario[];
  /** A run to hold the entries against: its scenarios and its verdict. */
  readonly run?: { readonly scenarios: readonly Scenario[]; readonly verdict: Verdict };
}

/** @throws HarnessError CHANGELOG_VERSION */
export function changelogReport(read: ReadNotes, { from, to, catalogue, run }: Question): ChangelogReport {
  const range = newBetween(read.notes, from, to);
  const labelled = range.entries.map(label);
  const { called, uncovered } = calledScenarios(labelled, catalogue);
  const head = {
    schema: 1,
    from: range.from,
    to: range.to,
    sources: read.files.map(({ file, dialect, notes }) => ({
      file: file.name,
      dialect,
      sha256: createHash('sha256').update(file.text).digest('hex'),
      versions: notes.length,
      bullets: notes.reduce((sum, { bullets }) => sum + bullets, 0),
    })),
    missing: range.missing,
    notes: read.remarks,
    called,
    uncovered,
  } as const;
  if (run === undefined) return { ...head, entries: labelled };
  const { verdict } = run;
  const entries = holdAll(labelled, { catalogue, ran: run.scenarios, verdict });
  const exercises = (name: string): readonly string[] => {
    const scenario = run.scenarios.find((one) => one.name === name);
    return scenario === undefined ? [] : areasOf(scenario);
  };
  const moves = movesOf(verdict, entries, exercises);
  const { stable, canary, decision } = verdict;
  return { ...head, entries, run: { stable, canary, decision, moves, untold: untoldOf(verdict), constants } };
}
