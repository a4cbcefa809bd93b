/** Small stored runs, and release notes held against them. */
import { changelogReport } from '../../../harness/changelog/report.ts';
import { judge } from '../../../harness/judge/judge.ts';
import type { ChangelogReport, HeldEntry } from '../../../harness/model/changelog.ts';
import type { Verdict } from '../../../harness/model/verdict.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { none } from '../../../scenarios/steady/none.ts';
import { watchSilentDeath } from '../../../scenarios/watch/watch-silent-death.ts';
import { evidence, type Shape } from '../../support/evidence.ts';
import { written } from './fixture.ts';

const scenarios: readonly Scenario[] = [watchSilentDeath, routeFlood, none];

/** A little of what real trials differ by, so that no spread is exactly zero. */
function jitter(block: number, arm: string): Partial<Shape> {
  const step = ((block * 7 + arm.length * 3) % 5) / 100;
  return { p99Ms: 5 * (1 + step), delayMs: 20 + ((block * 5 + arm.length) % 3) };
}

/** What stable and canary do; each is given the scenario's name. */
export interface Arms {
  readonly stable?: (scenario: string) => Partial<Shape>;
  readonly canary?: (scenario: string) => Partial<Shape>;
}

export function run(
  { stable, canary }: Arms,
  blocks = 5,
  tried: readonly Scenario[] = scenarios,
): { readonly scenarios: readonly Scenario[]; readonly verdict: Verdict } {
  const shapes = evidence(tried, blocks, (arm, block, { name }) => ({
    ...jitter(block, arm),
    ...(arm === 'canary' ? canary?.(name) : stable?.(name)),
  }));
  return { scenarios: tried, verdict: judge(shapes) };
}

/** Release notes of 1.1.0 with these lines, held against a run. */
export function held(lines: readonly string[], against: ReturnType<typeof run>): ChangelogReport {
  const text = `## 1.1.0\n\n${lines.map((line) => `- ${line}\n`).join('')}\n## 1.0.0\n\n- begun\n`;
  return changelogReport(written(text), { from: '1.0.0', to: '1.1.0', catalogue, run: against });
}

/** The words on each entry, in the order of the lines. */
export function words({ entries }: ChangelogReport): readonly string[] {
  return entries.map((entry) => (entry as HeldEntry).verdict);
}
