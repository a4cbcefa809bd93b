/** docs/JUDGE.md, made of the committed rows of the study. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { sessionAlpha } from '../../harness/judge/looks.ts';
import { metrics } from '../../harness/judge/metrics/index.ts';
import { doseTables } from './dose-tables.ts';
import { falseAlarmTables } from './false-alarm-tables.ts';
import type { Study } from './record.ts';

const root = path.join(import.meta.dirname, '..', '..');
export const studyFile: string = path.join(root, 'docs/data/judge-study.json');
export const judgeDocument: string = path.join(root, 'docs/JUDGE.md');

export function readStudy(): Study {
  return JSON.parse(readFileSync(studyFile, 'utf8')) as Study;
}

const head = `# How far the judge can be trusted

Made by \`make judge-study\` from recorded sessions (\`docs/data/judge-study.json\`): real deployments, real load, the judge and its
rivals on the same recordings. Numbers of one class of host hold on no other, so each has tables of its own. Sessions are real:
each trial was run for its session. None is made of regrouped trials.

`;

/** As few digits as they are known by. */
const measured = Object.entries(metrics)
  .map(([name, { noun, unit, trialSd }]) => `- \`${name}\`: ${noun} (${unit}), ${Number(trialSd.toPrecision(2))}\n`)
  .join('');

const method = `## What is promised

- By metrics, an equal build is called REGRESSION in at most ${sessionAlpha * 100} % of sessions: exact for any number of metrics, any dependence
  between them and any noise, over all looks and scenarios (max-T over all labellings of the blocks, Holm over the scenarios).
- By an invariant, when it breaks in the canary alone in three blocks: 1 in 27 if the builds break it alike.
- SAFE is said only when the upper bound of every metric lies inside its tolerance.

## Metrics

One number a trial for each metric that a scenario judges, on a scale of logarithms. The number behind each is how much it is
taken to vary between trials of one build (standard deviation): measured for latency and processor time, assumed for the others,
until \`gatecrash calibrate\` measures it on a host and a plan freezes it. It moves how small a regression is found, never how often
an equal build fails. A scenario says what is too small to fail for, and what is tolerated.

${measured}
The exponent of the stall is the logarithm of \`stall-growth\` to base 2: 0 of a table that is changed in place, 1 of one that is
rebuilt for each change. The report shows it for every trial, with the stall at each size of the table.

## Rivals

Their published rules with the values of their documentation, on the same recordings. They get one point a second where they
would have one a minute, and all blocks after each other; they know no invariants. "Of the twin" is the same build as stable, in
every session: each failure there is a false alarm. \`gatecrash judge <run> --rivals\` prints it for any run.

## Limits

- A session is minutes on two shared cores; a regression that takes hours to show is not seen.
- The doses are even (one request in n, a fixed delay). Real regressions come in bursts, and some move nothing that is measured.
- Detection is counted as a REGRESSION verdict, whichever metric or invariant was named; the tables tell how often it was the right one.
`;

export function studyDocument({ sessions }: Study): string {
  if (sessions.length === 0) {
    return `${head}**No session has been recorded yet: nothing in this document is measured.** \`make judge-study AA=60 DOSES=5\` records
them (hours; it goes on where it was ended), and writes this file anew.

${method}`;
  }
  const hosts = [...new Set(sessions.map(({ host }) => host))].toSorted();
  const parts = hosts.map((host) => {
    const own = sessions.filter((session) => session.host === host);
    return `## Measured on ${host}\n\n${falseAlarmTables(own)}\n${doseTables(own)}`;
  });
  return `${head}${parts.join('\n')}\n${method}`;
}
