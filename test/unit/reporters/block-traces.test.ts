/** What the page shows of a block as it was recorded: the traces of its three trials, stalls by table size, and where they stand. */
import { describe, expect, it } from 'vitest';
import type { Evidence } from '../../../harness/model/evidence.ts';
import type { Arm } from '../../../harness/model/plan.ts';
import { html } from '../../../harness/reporters/html.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import { tableGrowth } from '../../../scenarios/routes/table-growth.ts';
import { evidence } from '../../support/evidence.ts';
import { grownTable } from '../../support/grown-table.ts';
import { context, judged } from './cases.ts';

const page = (tried: Evidence): string => {
  const { verdict } = judged(tried);
  return html.render(tried, verdict, context);
};
const text = (markup: string): string => markup.replaceAll(/<[^>]*>/g, ' ').replaceAll(/\s+/g, ' ');
const described = (markup: string): readonly (string | undefined)[] =>
  [...markup.matchAll(/<svg role="img" aria-label="([^"]+)"/g)].map((match) => match[1]);

/** The canary rebuilds its table, and rebuilds it most slowly in the second block. */
function grown(): Evidence {
  const made = evidence([tableGrowth], 3, (arm, block) => ({ delayMs: arm === 'canary' ? 100 * block : 20 }));
  const slower = (arm: Arm, block: number) => (routes: number) =>
    arm === 'canary' ? (routes / 40) * (block === 2 ? routes / 400 : 1) : 10;
  const trials = made.trials.map((trial) => {
    return { ...trial, history: grownTable(slower(trial.arm, trial.block))(trial.history) };
  });
  return { ...made, trials };
}

describe('the worst block', () => {
  it('is shown with the raw traces of its three trials: each second, and each config write', () => {
    const markup = page(grown());
    expect(text(markup)).toContain('Block 2 second by second');
    const labels = described(markup);
    expect(labels).toContain('stable: 10 to 10 ms; twin: 10 to 10 ms; canary: 10 to 7290 ms');
    expect(labels).toContain('stable: 20 to 20 ms; twin: 20 to 20 ms; canary: 20 to 200 ms');
  });

  it('leads to the record of each trial, at the line where its fault phase begins', () => {
    const tried = evidence([routeFlood], 3, (arm) => (arm === 'canary' ? { p99Ms: 90 } : {}));
    const table = /<caption>Load of this block<\/caption>.*?<\/table>/s.exec(page(tried))?.[0] ?? '';
    for (const { arm, block, folder, history } of tried.trials.filter(({ block }) => block === 1)) {
      const line = history.findIndex((o) => o.kind === 'phase' && o.phase === 'fault') + 1;
      expect([arm, block, table]).toEqual([arm, 1, expect.stringContaining(`href="./${folder}/history.ndjson"`)]);
      expect(text(table)).toContain(`route-flood-1-${arm}/history.ndjson:${line}`);
    }
  });

  it('has no chart of what older records do not tell', () => {
    expect(page(evidence([routeFlood], 3))).not.toContain('Longest latency of a second');
  });
});

describe('stalls by the size of the table', () => {
  it('are told of every trial, with the exponent that the judge has found', () => {
    const markup = page(grown());
    const table = /<caption>Longest stall while changes were applied, ms.*?<\/table>/s.exec(markup)?.[0] ?? '';
    const rows = text(table);
    expect(rows).toContain('400 routes 1200 routes 3600 routes 10800 routes exponent record');
    expect(rows).toContain('1 stable 10 10 10 10 0 table-growth-1-stable/history.ndjson');
    expect(rows).toContain('1 canary 10 30 90 270 1 table-growth-1-canary/history.ndjson');
    expect(rows).toContain('2 canary 10 90 810 7290 2 table-growth-2-canary/history.ndjson');
  });

  it('say what a trial has no value of', () => {
    const made = evidence([tableGrowth], 3);
    const trials = made.trials.map((trial) => {
      return { ...trial, history: trial.arm === 'twin' ? trial.history : grownTable(() => 9)(trial.history) };
    });
    const table = /<caption>Longest stall while.*?<\/table>/s.exec(page({ ...made, trials }))?.[0] ?? '';
    expect(text(table)).toContain('1 twin – – – – no value');
    expect(text(table)).toContain('1 stable 9 9 9 9 0');
  });

  it('are no part of scenarios that do not ask for them', () => {
    expect(page(evidence([routeFlood], 3))).not.toContain('Longest stall');
  });
});
