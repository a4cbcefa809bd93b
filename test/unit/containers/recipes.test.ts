/** An image has in it all that its programs import: told here, without an engine. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { recipeOf } from '../../../harness/containers/images/recipes.ts';
import { ownImages } from '../../../harness/model/images.ts';

const programs = { etcd: '/somewhere/etcd', previousEtcd: '/somewhere/etcd-3.6', toxiproxy: '/somewhere/toxiproxy' };
const { dependencies } = JSON.parse(readFileSync('gateway/package.json', 'utf8')) as {
  readonly dependencies: Readonly<Record<string, string>>;
};
const named = /^(?:import|export)(?! type)[^'"]*?from '([^']+)'|^import '([^']+)'|\bimport\('([^']+)'\)/gm;

function importsOf(file: string): readonly string[] {
  if (!file.endsWith('.ts')) return [];
  const found = [...readFileSync(file, 'utf8').matchAll(named)];
  return found.map((match) => match[1] ?? match[2] ?? match[3] ?? '').filter((name) => !name.startsWith('node:'));
}

/** What is imported from these on, and is not among `there`. */
function missing(entries: readonly string[], there: ReadonlySet<string>): readonly string[] {
  const seen = new Set(entries);
  const lacking: string[] = [];
  for (const file of seen) {
    if (!there.has(file)) lacking.push(file);
    for (const name of there.has(file) ? importsOf(file) : []) {
      if (name.startsWith('.')) seen.add(path.join(path.dirname(file), name));
      else if (!Object.keys(dependencies).some((each) => name === each || name.startsWith(`${each}/`)))
        lacking.push(`${name}, a package`);
    }
  }
  return lacking;
}

test.each([
  [ownImages.gateway, ['gateway/main.ts', 'gateway/workers/worker.ts', 'gateway/mutants/index.ts']],
  [ownImages.watchProxy, ['gateway/watch-proxy/main.ts']],
  [ownImages.parts, ['harness/etcd-link/main.ts', 'harness/upstream/main.ts', 'harness/faults/storm/main.ts']],
  [ownImages.toxiproxy, ['harness/network/main.ts']],
])('%s has all that its programs import', (name, entries) => {
  const { sources } = recipeOf(name, programs);
  expect(missing(entries, new Set(sources))).toEqual([]);
  expect(sources.filter((file) => /node_modules|\.test\.ts$|Containerfile/.test(file))).toEqual([]);
});

test.each(Object.values(ownImages))('%s has a Containerfile, on a base that has one', (name) => {
  const { folder } = recipeOf(name, programs);
  expect(existsSync(path.join(folder, 'Containerfile'))).toBe(true);
});

test('an image without its program, or of no name of ours, is refused', () => {
  const without = { ...programs, toxiproxy: undefined };
  expect(() => recipeOf(ownImages.toxiproxy, without)).toThrow('its program is not there');
  expect(() => recipeOf('gatecrash-nothing', programs)).toThrow('no image of ours');
});
