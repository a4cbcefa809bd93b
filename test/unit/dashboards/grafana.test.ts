/** The dashboards as they are committed, and that everything they and the rules ask for is there to be asked. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { boards, generatedDashboards } from '../../../dashboards/grafana/index.ts';

interface Rule {
  readonly alert?: string;
  readonly record?: string;
  readonly expr: string;
  readonly annotations?: { readonly summary?: string };
}

const rules = (
  parse(readFileSync('dashboards/prometheus/gatecrash.rules.yml', 'utf8')) as {
    groups: { name: string; rules: Rule[] }[];
  }
).groups.flatMap((group) => group.rules);
const asked = [...boards.flatMap(({ rows }) => rows.flatMap(({ panels }) => panels.flatMap(({ lines }) => lines.map(([expr]) => expr)))), ...rules.map(({ expr }) => expr)]; // prettier-ignore

/** Names in the sources: what prom-client is told, with the prefix of the default metrics. */
const sources = globSync('{gateway,harness}/**/*.ts').map((file) => readFileSync(file, 'utf8')).join('\n'); // prettier-ignore

it.each(generatedDashboards().map(([name, text]) => [name, text]))(
  '%s is what the code makes (make docs)',
  (name, text) => {
    expect(readFileSync(`dashboards/grafana/generated/${name}`, 'utf8')).toBe(text);
  },
);

it('nothing else lies there', () => {
  const files = globSync('dashboards/grafana/generated/*').map((file) => path.basename(file));
  expect(files.toSorted()).toEqual(
    generatedDashboards()
      .map(([name]) => name)
      .toSorted(),
  );
});

describe('a dashboard', () => {
  it.each(generatedDashboards())('%s has panels that do not overlap, each with its own question', (_name, text) => {
    const { panels, uid } = JSON.parse(text) as { panels: Shown[]; uid: string };
    expect(uid).toMatch(/^gatecrash-/);
    const shown = panels.filter(({ type }) => type !== 'row');
    expect(shown.length).toBeGreaterThan(4);
    for (const { targets, title, description } of shown) {
      expect([title, description].every((words) => (words ?? '') !== '')).toBe(true);
      expect(targets?.every(({ expr, datasource }) => expr !== '' && datasource?.uid === '${datasource}')).toBe(true);
    }
    const places = panels.map(({ gridPos: { x, y } }) => `${x} ${y}`);
    expect(new Set(places).size).toBe(places.length);
  });
});

interface Shown {
  readonly type: string;
  readonly title?: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number };
  readonly targets?: readonly { readonly expr: string; readonly datasource?: { readonly uid?: string } }[];
}

it('every metric of ours that is asked for is one that we tell', () => {
  const names = new Set(asked.flatMap((expr) => expr.match(/\b(?:gateway|watch_proxy|gatecrash)_[a-z0-9_]+/g) ?? []));
  const told = (name: string): boolean => {
    const base = name.replace(/_bucket$/, '');
    const own = base.replace(/^gatecrash_/, '');
    // Of prom-client's own metrics, with the prefix that the gateway gives them.
    const usual = /^gateway_(?:process_cpu_seconds_total|nodejs_eventloop_lag_p99_seconds)$/.test(base);
    return usual || sources.includes(`'${base}'`) || (base !== own && sources.includes(`'${own}'`));
  };
  expect(
    [...names]
      .filter((name) => !name.startsWith('gateway_config_behind') && !name.startsWith('gateway_errors'))
      .filter((name) => !told(name)),
  ).toEqual([]);
  expect(names.size).toBeGreaterThan(20);
});

it('every alert says what it is in words', () => {
  for (const { alert, annotations } of rules)
    if (alert !== undefined) expect(annotations?.summary ?? '').toMatch(/\w+ \w+/);
  expect(rules.filter(({ alert }) => alert !== undefined).length).toBeGreaterThan(8);
});
