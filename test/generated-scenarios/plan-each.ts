/** Plans scenarios as the command line does: each is planned, or refused with the place of what is wrong, and leaves nothing. */
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Command } from 'commander';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { describePlan } from '../../harness/commands/describe-plan.ts';
import { planned } from '../../harness/commands/plan.ts';
import { UsageError } from '../../harness/model/errors.ts';
import type { Host } from '../../harness/model/host.ts';
import { labelled } from '../../harness/runtimes/residue.ts';
import { thisHost } from '../../harness/commands/this-host.ts';
import { isDeepStrictEqual } from 'node:util';
import { scenarios } from './arbitrary.ts';

export interface Planned {
  readonly planned: number;
  readonly refused: number;
  /** Kinds of fault in those that were planned. */
  readonly kinds: readonly string[];
  /** What should not be: a scenario of which neither came, or something that stayed. */
  readonly wrong: readonly string[];
}

export interface Generated {
  readonly count: number;
  readonly seed: number;
}

export async function planEach({ count, seed }: Generated): Promise<Planned> {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-planned-'));
  const before = traces();
  const host = await thisHost();
  const kinds = new Set<string>();
  const done = { planned: 0, refused: 0 };
  const wrong: string[] = [];
  for (const [index, scenario] of fc.sample(scenarios, { numRuns: count, seed }).entries()) {
    const file = path.join(folder, index % 2 === 0 ? 'made.json' : 'made.yaml');
    writeFileSync(file, index % 2 === 0 ? JSON.stringify(scenario, null, 2) : stringify(scenario));
    const said = await planOne(file, host);
    done[said.length === 0 ? 'planned' : 'refused']++;
    if (said.length === 0) for (const { fault } of scenario.timeline) kinds.add(fault.kind);
    for (const mistake of said)
      if (!/^\S+made\.(?:json|yaml):\d+:\d+: ./.test(mistake))
        wrong.push(`scenario ${index} of seed ${seed}: ${mistake}`);
  }
  rmSync(folder, { recursive: true });
  if (!isDeepStrictEqual(traces(), before)) wrong.push(`something is left: ${JSON.stringify(traces())}`);
  return { ...done, kinds: [...kinds].toSorted(), wrong };
}

/** The mistakes with which it was refused; none when it was planned, twice alike, and told in words. */
async function planOne(file: string, host: Host): Promise<readonly string[]> {
  try {
    const [one, other] = [
      await planned([file], { seed: '7' }, new Command()),
      await planned([file], { seed: '7' }, new Command()),
    ];
    if (one.hash !== other.hash) return [`${file} has two plans with one seed`];
    return describePlan(one, host).length > 3 ? [] : [`${file}: nothing is said of it`];
  } catch (error) {
    return error instanceof UsageError ? error.mistakes : [`${file} broke the planning: ${String(error)}`];
  }
}

/** Processes of runs of this process, and their folders for temporary files. */
function traces(): readonly string[] {
  const folders = readdirSync(tmpdir()).filter(
    (name) => /^gatecrash-\d{8}-\d+-(\d+)-/.exec(name)?.[1] === `${process.pid}`,
  );
  const mine = labelled().filter(({ runId }) => runId.endsWith(`-${process.pid}`));
  return [...folders, ...mine.map(({ command }) => command)].toSorted();
}
