import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';

/** Which folder may import which. A folder may always import itself; `test`, `bench` and `scripts` may import all. */
const arrows: Readonly<Record<string, readonly string[]>> = {
  scenarios: [],
  'harness/model': ['scenarios'],
  'harness/judge': ['harness/model', 'scenarios'],
  'harness/store': ['harness/model', 'scenarios'],
  'harness/reporters': ['harness/model', 'scenarios'],
  'harness/scenario-files': ['harness/model', 'scenarios'],
  'harness/changelog': ['harness/model', 'scenarios'],
  'harness/tools': ['harness/model', 'scenarios'],
  'harness/containers': ['harness/model', 'scenarios'],
  'harness/runtimes': ['harness/containers', 'harness/model', 'scenarios'],
  'harness/gateways': ['harness/tools', 'harness/model', 'scenarios'],
  'harness/control': ['harness/model', 'scenarios'],
  'harness/etcd-link': ['harness/control', 'harness/model', 'scenarios'],
  'harness/upstream': ['harness/control', 'harness/model', 'scenarios'],
  'harness/network': ['harness/control', 'harness/model', 'scenarios'],
  'harness/faults': ['harness/model', 'scenarios'],
  'harness/load': ['harness/model', 'scenarios'],
  'harness/probes': ['harness/model', 'scenarios'],
  'harness/run': ['runtimes', 'gateways', 'etcd-link', 'upstream', 'network', 'faults', 'load', 'probes', 'model']
    .map((name) => `harness/${name}`)
    .concat('scenarios'),
  'harness/commands': [
    'run',
    'runtimes',
    'containers',
    'gateways',
    'faults',
    'judge',
    'changelog',
    'store',
    'reporters',
    'tools',
    'scenario-files',
    'model',
  ]
    .map((name) => `harness/${name}`)
    .concat('scenarios'),
  'harness/cli.ts': ['harness/commands', 'harness/model'],
  dashboards: ['harness/model'],
  gateway: [],
};
const pure = ['scenarios', 'harness/model', 'harness/judge'];
const files = globSync('{harness,scenarios,gateway,dashboards}/**/*.ts', { exclude: ['**/node_modules/**'] });

function folderOf(file: string): string {
  return Object.keys(arrows).find((folder) => file === folder || file.startsWith(`${folder}/`)) ?? file;
}

function importsOf(file: string): readonly string[] {
  const text = readFileSync(file, 'utf8');
  return [...text.matchAll(/^(?:import|export)[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm)].map(
    (match) => match[1] ?? match[2] ?? match[3] ?? '',
  );
}

test('every import follows the arrows of the architecture', () => {
  const wrong = files.flatMap((file) => {
    const own = folderOf(file);
    const targets = importsOf(file)
      .filter((name) => name.startsWith('.'))
      .map((name) => folderOf(path.join(path.dirname(file), name)));
    return targets
      .filter((target) => target !== own && !arrows[own]?.includes(target))
      .map((target) => `${file} → ${target}`);
  });
  expect(wrong).toEqual([]);
});

/** Within the gateway: what is shared with the watch proxy, and the proxy beside the gateway. */
test.each([
  ['etcd', /^gateway\/etcd\//],
  ['watch-proxy', /^gateway\/(?:watch-proxy|etcd)\/|^gateway\/(?:settings-reader|exit-codes)\.ts$/],
])('gateway/%s imports nothing else of the gateway', (folder, allowed) => {
  const wrong = files
    .filter((file) => file.startsWith(`gateway/${folder}/`))
    .flatMap((file) =>
      importsOf(file)
        .filter((name) => name.startsWith('.'))
        .map((name) => path.join(path.dirname(file), name))
        .filter((target) => !allowed.test(target))
        .map((target) => `${file} → ${target}`),
    );
  expect(wrong).toEqual([]);
});

test('judge, model and scenarios do no I/O, read no clock and draw no chance', () => {
  const harmless = ['node:path', 'node:url', 'node:assert'];
  const impure =
    /\bDate\.now\b|\bnew Date\(\)|\bperformance\.now\b|\bMath\.random\b|\bprocess\.|\bsetTimeout\(|\bfetch\(|\bcrypto\./;
  const wrong = files
    .filter((file) => pure.some((folder) => file.startsWith(`${folder}/`)))
    .filter(
      (file) =>
        impure.test(readFileSync(file, 'utf8')) ||
        importsOf(file).some((name) => name.startsWith('node:') && !harmless.includes(name)),
    );
  expect(wrong).toEqual([]);
});

test('no file is over 300 lines, and the median is at most 60', () => {
  const lengths = files.map((file) => readFileSync(file, 'utf8').split('\n').length).toSorted((a, b) => a - b);
  const median = lengths[Math.floor(lengths.length / 2)];
  process.stdout.write(`${lengths.length} files, median ${median} lines, longest ${lengths.at(-1)}\n`);
  expect(lengths.at(-1)).toBeLessThanOrEqual(300);
  expect(median).toBeLessThanOrEqual(60);
});
