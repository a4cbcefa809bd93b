/** A scenario that takes as little time as one can, in a file beside a configuration. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Scenario } from '../../scenarios/scenario.ts';
import { none } from '../../scenarios/steady/none.ts';

const shortScenario: Scenario = {
  ...none,
  name: 'short',
  arms: 'side-by-side',
  table: { settled: 5, ballast: 0 },
  load: { ratePerSecond: 50, connections: 4 },
  writes: { ratePerSecond: 5, mix: { create: 0.4, update: 0.3, delete: 0.3 } },
  phases: { warmup: '200ms', baseline: '500ms', fault: '500ms', settle: '500ms' },
  expectations: [
    { kind: 'invariant', oracle: 'converge' },
    { kind: 'invariant', oracle: 'no-lost-update' },
    { kind: 'invariant', oracle: 'serve-last-good' },
  ],
};

export interface Place extends Disposable {
  readonly folder: string;
  /** Of the scenario. */
  readonly scenario: string;
  /** Of the configuration. */
  readonly config: string;
}

/** `config`: what stands between the braces of `defineConfig({ … })`. */
export function placeWith(config = '', scenario: Partial<Scenario> = {}): Place {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-place-'));
  const place = { folder, scenario: path.join(folder, 'short.json'), config: path.join(folder, 'gatecrash.config.ts') };
  writeFileSync(place.scenario, JSON.stringify({ ...shortScenario, ...scenario }));
  writeFileSync(
    place.config,
    `import { defineConfig } from 'gatecrash/config';\nexport default defineConfig({ ${config} });\n`,
  );
  return { ...place, [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }) };
}
