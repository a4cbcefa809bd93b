/** docs/TRACK-RECORD.md, made of the mutants' own words and of the recorded runs. */
import { mutants } from '../gateway/mutants/index.ts';
import type { Mutant } from '../gateway/mutants/mutant.ts';
import { type Cell, type Result, cells, hasScenario, isOf, isRight, results } from './kill-matrix.ts';

export const trackRecordFile = 'docs/TRACK-RECORD.md';

const head = `# Track record

Would it have caught what real gateways shipped? Each row is a regression of a released gateway (\`R..\` is its entry in our
collection), built into the reference gateway as a known-bad build and compared with the clean one. **Caught** means the verdict was
REGRESSION and named the oracle or metric that had to move. Made by \`make docs\` of \`docs/data/regressions.json\`, which
\`make regressions\` fills, cell by cell; what has no result there has not been run, and nothing is claimed of it. Blocks are all that
were run, invalid ones too; seconds are those of the whole command, on two cores that may have had other work.

`;

export function trackRecord(): string {
  const known = results();
  const all = cells();
  const bad = all.filter(({ expected }) => expected === 'regression');
  const safe = all.filter(({ expected }) => expected !== 'regression');
  const waiting = mutants.filter((mutant) => mutant.kind === 'known-bad' && !hasScenario(mutant));
  return [
    head,
    `${summary(bad, safe, waiting, known)}\n`,
    '## Known-bad builds\n\n',
    '| bug | shipped by | what it does | scenario | must move | verdict | blocks | s | again |\n',
    '| --- | --- | --- | --- | --- | --- | --- | --- | --- |\n',
    ...bad.map((cell) => badRow(cell, resultFor(cell, known))),
    '\n## What must be no REGRESSION\n\nSAFE, or KNOWN WEAKNESS where no build of ours can hold all that is expected.\n\n',
    '| build | scenario | verdict | blocks | s |\n| --- | --- | --- | --- | --- |\n',
    ...safe.map((cell) => safeRow(cell, resultFor(cell, known))),
    ...(waiting.length === 0 ? [] : waitingTable(waiting)),
  ].join('');
}

function waitingTable(waiting: readonly Mutant[]): readonly string[] {
  return [
    '\n## Known-bad builds whose scenario is not built yet\n\nTheir tests show what they do; no scenario can catch them before it exists.\n\n',
    '| bug | shipped by | what it does | waits for |\n| --- | --- | --- | --- |\n',
    ...waiting.map(
      ({ corpus, name, anchor, summary: does, scenario }) =>
        `| ${corpus} \`${name}\` | ${anchor} | ${does} | \`${scenario}\` |\n`,
    ),
  ];
}

function summary(
  bad: readonly Cell[],
  safe: readonly Cell[],
  waiting: readonly Mutant[],
  known: readonly Result[],
): string {
  const tried = (list: readonly Cell[]): readonly Cell[] => list.filter((cell) => resultFor(cell, known) !== undefined);
  const right = (list: readonly Cell[]): number => list.filter((cell) => came(cell, known)).length;
  const seconds = tried(bad).flatMap((cell) => (came(cell, known) ? [resultFor(cell, known)?.seconds ?? 0] : []));
  const middle = seconds.toSorted((a, b) => a - b)[Math.floor(seconds.length / 2)];
  return [
    `- Known-bad builds: ${bad.length + waiting.length}, of which ${waiting.length} wait for their scenario. Run: ${tried(bad).length}. Caught: ${right(bad)}.\n`,
    `- What must be no REGRESSION: ${safe.length} pairs of build and scenario. Run: ${tried(safe).length}. As it must: ${right(safe)}.\n`,
    middle === undefined ? '' : `- Median time to the verdict of those that were caught: ${middle} s.\n`,
  ].join('');
}

function came(cell: Cell, known: readonly Result[]): boolean {
  const result = resultFor(cell, known);
  return result !== undefined && isRight(cell, result);
}

function resultFor(cell: Cell, known: readonly Result[]): Result | undefined {
  return known.find((result) => isOf(result, cell));
}

function badRow(cell: Cell, result: Result | undefined): string {
  const { corpus = '', anchor = '', summary: does = '' } = mutants.find(({ name }) => name === cell.mutant) ?? {};
  const again = `\`gatecrash reproduce ${cell.mutant}\``;
  const start = `| ${corpus} \`${cell.mutant}\` | ${anchor} | ${does} | \`${cell.scenario}\` | ${cell.subject}`;
  return `${start} | ${verdictOf(cell, result)} | ${result?.blocks ?? ''} | ${result?.seconds ?? ''} | ${again} |\n`;
}

function safeRow(cell: Cell, result: Result | undefined): string {
  const build = cell.mutant === '' ? 'the clean build against itself' : `\`${cell.mutant}\``;
  return `| ${build} | \`${cell.scenario}\` | ${verdictOf(cell, result)} | ${result?.blocks ?? ''} | ${result?.seconds ?? ''} |\n`;
}

const rightWords: { readonly [K in Cell['expected']]: (subjects: string) => string } = {
  regression: (subjects) => `**caught** (${subjects})`,
  safe: () => 'SAFE',
  'known-weakness': (subjects) => `KNOWN WEAKNESS (${subjects})`,
};

function verdictOf(cell: Cell, result: Result | undefined): string {
  if (result === undefined) return 'not run yet';
  const { decision, subjects } = result;
  if (isRight(cell, result)) return rightWords[cell.expected](subjects.join(', '));
  return `not as it must: ${decision}${subjects.length === 0 ? '' : ` (${subjects.join(', ')})`}`;
}
