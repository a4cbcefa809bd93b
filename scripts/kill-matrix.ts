/** What is to be tried of the known-bad and benign builds, and what came of it so far. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { mutants } from '../gateway/mutants/index.ts';
import type { Mutant } from '../gateway/mutants/mutant.ts';
import type { Decision } from '../harness/model/verdict.ts';
import { catalogue, suites } from '../scenarios/catalogue.ts';
import { etcdRestored } from '../scenarios/etcd/etcd-restored.ts';
import { etcdWiped } from '../scenarios/etcd/etcd-wiped.ts';

export interface Cell {
  /** Name of the mutant; empty for the clean build against itself. */
  readonly mutant: string;
  readonly scenario: string;
  readonly expected: 'regression' | 'safe' | 'known-weakness';
  /** Of a known-bad build: what has to be named. */
  readonly subject?: string;
}

export interface Result {
  readonly mutant: string;
  readonly scenario: string;
  readonly decision: Decision;
  /** Oracles and metrics that decided for it. */
  readonly subjects: readonly string[];
  readonly because: string;
  readonly blocks: number;
  readonly seconds: number;
  /** Of the repository, and the day. */
  readonly commit: string;
  readonly day: string;
}

const file = path.join(import.meta.dirname, '..', 'docs', 'data', 'regressions.json');

/** Whether the scenario that must catch it is there yet. */
export function hasScenario({ scenario }: Mutant): boolean {
  return catalogue.some(({ name }) => name === scenario);
}

/** In these no build can hold all that is expected, as their comments say. */
const tooMuch: ReadonlySet<string> = new Set([etcdRestored.name, etcdWiped.name]);

/**
 * Each known-bad build with its scenario, then what must be no REGRESSION: the clean build against itself everywhere, and the
 * benign ones in the quick suite.
 */
export function cells(): readonly Cell[] {
  const bad = mutants
    .filter((mutant) => mutant.kind === 'known-bad' && hasScenario(mutant))
    .map(({ name, scenario, subject }): Cell => ({ mutant: name, scenario, subject, expected: 'regression' }));
  const clean = catalogue.map(({ name }): Cell => {
    return { mutant: '', scenario: name, expected: tooMuch.has(name) ? 'known-weakness' : 'safe' };
  });
  const benign = mutants.filter(({ kind }) => kind === 'benign');
  const safe = benign.flatMap(({ name }) =>
    suites.quick.map((scenario): Cell => ({ mutant: name, scenario: scenario.name, expected: 'safe' })),
  );
  return [...bad, ...clean, ...safe];
}

export function results(): readonly Result[] {
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as readonly Result[]) : [];
}

/** In the place of what was known of that cell. Read anew each time: another shard may have written meanwhile. */
export function saveResult(result: Result): void {
  const others = results().filter((known) => !isOf(known, result));
  const all = [...others, result].toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
}

export function isOf(result: Result, { mutant, scenario }: Pick<Cell, 'mutant' | 'scenario'>): boolean {
  return result.mutant === mutant && result.scenario === scenario;
}

/** Whether the run came out as it must: a known-bad build caught by what it must be caught by. */
export function isRight({ expected, subject }: Cell, { decision, subjects }: Result): boolean {
  return decision === expected && (subject === undefined || subjects.includes(subject));
}

/** How it is asked for: `reload-drops-inflight/reload`, `clean/reload`. */
export function nameOf({ mutant, scenario }: Pick<Cell, 'mutant' | 'scenario'>): string {
  return `${mutant === '' ? 'clean' : mutant}/${scenario}`;
}

function keyOf({ mutant, scenario }: Result): string {
  return `${mutant} ${scenario}`;
}
