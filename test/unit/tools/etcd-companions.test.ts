/** Programs beside etcd: named, found on PATH, built; each has to fit the etcd in use. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { etcdutl, obtainPrograms, previousEtcd } from '../../../harness/tools/etcd-companions.ts';
import { find } from '../../../harness/tools/obtain.ts';
import { catalogue } from '../../../scenarios/catalogue.ts';

let bin: string;
beforeEach(() => {
  bin = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-bin-'));
  vi.stubEnv('PATH', bin);
  vi.stubEnv('GATECRASH_ETCDUTL', '');
  vi.stubEnv('GATECRASH_ETCD_PREVIOUS', '');
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(bin, { recursive: true });
});

/** A program that says this. */
function program(name: string, says: string): string {
  const file = path.join(bin, name);
  writeFileSync(file, `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  return file;
}

test('etcdutl is the one that is named, else the one on PATH; it has to be of the minor version of etcd', async () => {
  const file = program('etcdutl', 'etcdutl version: 3.5.9');
  expect(await find(etcdutl('3.5.16'))).toEqual({ path: file, version: '3.5.9', from: 'PATH' });
  expect(await find(etcdutl('3.9.0'))).toBeUndefined();
  const named = program('mine', 'etcdutl version: 3.9.1');
  vi.stubEnv('GATECRASH_ETCDUTL', named);
  expect(await find(etcdutl('3.9.0'))).toMatchObject({ path: named, from: 'GATECRASH_ETCDUTL' });
  // What was named and does not serve is told, not worked around.
  await expect(find(etcdutl('3.5.16'))).rejects.toThrow('is 3.9.1, and etcd 3.5.16 needs one of minor version 5');
});

test('the etcd before is of the minor version before', async () => {
  vi.stubEnv('GATECRASH_ETCD_PREVIOUS', program('old', 'etcd Version: 3.8.2'));
  expect(await find(previousEtcd('3.9.0'))).toMatchObject({ version: '3.8.2' });
  await expect(find(previousEtcd('3.10.0'))).rejects.toThrow('needs one of minor version 9');
  vi.stubEnv('GATECRASH_ETCD_PREVIOUS', program('other', 'nothing of that kind'));
  await expect(find(previousEtcd('3.9.0'))).rejects.toThrow('does not say that it is an etcd');
});

test('they are looked for only when a scenario needs them; one that cannot be had is told, and the rest goes on', async () => {
  const etcd = { path: '/etcd', version: '3.9.0', from: 'PATH' };
  const said: string[] = [];
  const note = (text: string): void => void said.push(text);
  const [calm] = catalogue;
  if (calm === undefined) throw new Error('the catalogue is empty');
  const nothing = { etcd: '/etcd', etcdutl: undefined, previous: undefined };
  expect(await obtainPrograms(etcd, [calm], note)).toEqual(nothing);
  expect(said).toEqual([]);
  const restoring = {
    ...calm,
    timeline: [{ at: '0s', hold: '1s', fault: { kind: 'etcd.restore', revision: 'plain' } }],
  } as const;
  // Without a Go on PATH nothing is built.
  program('etcdutl', 'etcdutl version: 3.5.9');
  expect(await obtainPrograms(etcd, [restoring], note)).toEqual(nothing);
  expect(said.join('\n')).toContain('etcd.restore cannot be done: there is no etcdutl');
  expect(said.join('\n')).toContain('is 3.5.9, and etcd 3.9.0 needs one of minor version 9');
  expect(said.join('\n')).toContain('built with Go: go is not on PATH');
  const file = program('etcdutl', 'etcdutl version: 3.9.0');
  expect(await obtainPrograms(etcd, [restoring], note)).toEqual({ ...nothing, etcdutl: file });
});
