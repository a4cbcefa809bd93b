/** The study of the judge: what it counts, what it keeps, and what it says when there is nothing. */
import { describe, expect, it } from 'vitest';
import { metrics } from '../../../harness/judge/metrics/index.ts';
import { studyDocument } from '../../../scripts/study/document.ts';
import { doseScenario } from '../../../scripts/study/dose-scenario.ts';
import { doseDetectedWith } from '../../../scripts/study/logistic.ts';
import type { StudySession } from '../../../scripts/study/record.ts';
import { merged } from '../../../scripts/study/rows.ts';
import { wantedSessions } from '../../../scripts/study/sessions.ts';
import { scenarioMistakes } from '../../../scenarios/check.ts';

const session = (id: string, change: Partial<StudySession> = {}): StudySession => ({
  id,
  canary: 'equal',
  planHash: 'x',
  host: 'Some CPU, 2 cores',
  git: 'abc',
  startedAt: '2026-11-27T12:00:00.000Z',
  seconds: 120,
  blocks: 3,
  scales: 'built-in',
  decision: 'safe',
  findings: [],
  rivals: [{ rival: 'kayenta', canary: 'pass', twin: 'fail' }],
  ...change,
});
const found = {
  decision: 'regression',
  findings: [{ scenario: 'dose', subject: 'cpu-per-request', decision: 'regression' }],
  rivals: [{ rival: 'kayenta', canary: 'fail', twin: 'pass' }],
} as const;

describe('docs/JUDGE.md', () => {
  it('says plainly that nothing is measured when no session was recorded', () => {
    const text = studyDocument({ schema: 1, sessions: [] });
    expect(text).toContain('**No session has been recorded yet: nothing in this document is measured.**');
    expect(text).not.toContain('|');
  });

  it('names every metric with its unit and its built-in scale', () => {
    const text = studyDocument({ schema: 1, sessions: [] });
    for (const [name, { noun, unit }] of Object.entries(metrics))
      expect(text).toContain(`- \`${name}\`: ${noun} (${unit}), 0.`);
  });

  it('counts false alarms with their exact bounds, and those of the rivals', () => {
    const equal = [1, 2, 3].map((i) => session(`aa-${i}`));
    const alarm = session('aa-4', { ...found, canary: 'equal' });
    const text = studyDocument({ schema: 1, sessions: [...equal, alarm] });
    expect(text).toContain('| 4 | 1 of 4 (1.3 to 75.1 %) | 4 of 4 (47.3 to 100.0 %) |');
    expect(text).toContain('False alarms: `aa-4` (cpu-per-request in dose).');
    expect(text).toContain('| `kayenta` | 1 of 4 (1.3 to 75.1 %) | 3 of 4 (24.9 to 98.7 %) |');
    expect(text).toContain('No session with a dose has been recorded on this host.');
  });

  it('counts what was found of each dose, with the right metric named', () => {
    const of = (canary: string, change: Partial<StudySession> = {}): StudySession => session(`${canary}-1`, { canary, ...change }); // prettier-ignore
    const text = studyDocument({ schema: 1, sessions: [of('dose-burn-20us'), of('dose-burn-200us', found)] });
    expect(text).toContain('| `dose-burn-20us` | cpu-per-request | 0 of 1 (0.0 to 95.0 %) | 0 | - | - | 0 |');
    expect(text).toContain('| `dose-burn-200us` | cpu-per-request | 1 of 1 (5.0 to 100.0 %) | 1 | 3 | 120 | 1 |');
    expect(text).toContain('| cpu-per-request | us | too few sessions to fit | too few sessions to fit |');
    expect(text).toContain('No session of equal builds has been recorded on this host.');
  });

  it('tells from which dose on a rival finds it, on the same recordings', () => {
    // Of ten sessions each of three doses: found in one, in five, in nine.
    const hits = [1, 5, 9];
    const sessions = ['dose-burn-20us', 'dose-burn-50us', 'dose-burn-200us'].flatMap((canary, dose) =>
      Array.from({ length: 10 }, (_, i) =>
        session(`${canary}-${i}`, { canary, ...(i < (hits[dose] ?? 0) ? found : {}) }),
      ),
    );
    const text = studyDocument({ schema: 1, sessions });
    expect(text).toContain('| of | dose in | MDE80 | MDE95 | `kayenta` MDE80 |');
    const [, ours, , theirs] = /\| cpu-per-request \| us \| (\d+) \| (\d+) \| (\d+) \|/.exec(text) ?? [];
    expect(Number(ours)).toBeGreaterThan(50);
    expect(Number(ours)).toBeLessThan(200);
    expect(theirs).toBe(ours);
  });

  it('never mixes classes of hosts', () => {
    const text = studyDocument({ schema: 1, sessions: [session('aa-1'), session('aa-1', { host: 'Other CPU, 8 cores' })] }); // prettier-ignore
    expect(text.match(/^## Measured on .*$/gm)).toEqual([
      '## Measured on Other CPU, 8 cores',
      '## Measured on Some CPU, 2 cores',
    ]);
    expect(text.match(/0 of 1 /g)?.length).toBe(2 * 4);
  });
});

describe('the rows of a study', () => {
  it('replace those of the same session and host, and keep the others in order', () => {
    const rows = merged([session('aa-2'), session('aa-1', { seconds: 1 })], [session('aa-1', { seconds: 9 })]);
    expect(rows.map(({ id, seconds }) => [id, seconds])).toEqual([
      ['aa-1', 9],
      ['aa-2', 120],
    ]);
  });
});

describe('the sessions that are wanted', () => {
  it('come in rounds, so that a study which is ended early has a little of each', () => {
    const ids = wantedSessions(3, 1).map(({ id }) => id);
    expect(ids[0]).toBe('aa-1');
    expect(ids).toContain('dose-burn-20us-1');
    expect(ids.slice(-2)).toEqual(['aa-2', 'aa-3']);
    expect(wantedSessions(0, 0)).toEqual([]);
  });

  it('ask a question that can be planned', () => expect(scenarioMistakes(doseScenario)).toEqual([]));
});

describe('the curve through detected doses', () => {
  const counts = [[10, 1], [20, 3], [40, 6], [80, 9]].map(([dose = 0, detected = 0]) => ({ dose, detected, sessions: 10 })); // prettier-ignore

  it('is the maximum of the likelihood, as SciPy finds it (Nelder–Mead on the same counts)', () => {
    expect(doseDetectedWith(0.8, counts)).toBeCloseTo(60.00657880074275, 3);
    expect(doseDetectedWith(0.95, counts)).toBeCloseTo(128.12948456057407, 2);
  });

  it('is none for fewer than three doses, for doses that part cleanly, and for one that falls', () => {
    expect(doseDetectedWith(0.8, counts.slice(0, 2))).toBeUndefined();
    const clean = counts.map(({ dose }) => ({ dose, detected: dose > 30 ? 10 : 0, sessions: 10 }));
    expect(doseDetectedWith(0.8, clean)).toBeUndefined();
    const falling = counts.map(({ dose, detected }) => ({ dose, detected: 10 - detected, sessions: 10 }));
    expect(doseDetectedWith(0.8, falling)).toBeUndefined();
  });
});
