import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { findToxiproxy } from '../../../harness/tools/toxiproxy.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-toxiproxy-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

function program(name: string, says: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  return file;
}

test('the program that GATECRASH_TOXIPROXY names goes before all others', async () => {
  program('toxiproxy-server', 'toxiproxy-server version 2.11.0');
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  const named = program('named', 'toxiproxy-server version 2.9.0');
  vi.stubEnv('GATECRASH_TOXIPROXY', named);
  expect(await findToxiproxy()).toEqual({ path: named, version: '2.9.0', from: 'GATECRASH_TOXIPROXY' });
  vi.stubEnv('GATECRASH_TOXIPROXY', '');
  expect(await findToxiproxy()).toMatchObject({ version: '2.11.0', from: 'PATH' });
});

test.each([
  ['one without a version', 'toxiproxy-server version git', 'does not say that it is a toxiproxy-server'],
  ['an older one', 'toxiproxy-server version 2.1.4', 'is 2.1.4, older than 2.5.0'],
])('a GATECRASH_TOXIPROXY that names %s is told', async (what, says, words) => {
  vi.stubEnv('GATECRASH_TOXIPROXY', program(what.replaceAll(' ', '-'), says));
  await expect(findToxiproxy()).rejects.toThrow(words);
});
