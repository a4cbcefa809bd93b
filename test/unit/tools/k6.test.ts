import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { findK6, obtainK6 } from '../../../harness/tools/k6.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-k6-'));
afterAll(() => rmSync(folder, { recursive: true }));
afterEach(() => vi.unstubAllEnvs());

function program(name: string, says: string): string {
  const file = path.join(folder, name);
  writeFileSync(file, `#!/bin/sh\necho "${says}"\n`, { mode: 0o755 });
  return file;
}

test('the program that GATECRASH_K6 names goes before the one on PATH', async () => {
  program('k6', 'k6 v1.4.0 (go1.25.1, linux/amd64)');
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  const named = program('named', 'k6 v2.2.0 (commit/1234567890, go1.25.12, linux/amd64)');
  vi.stubEnv('GATECRASH_K6', named);
  expect(await findK6()).toEqual({ path: named, version: '2.2.0', from: 'GATECRASH_K6' });
  vi.stubEnv('GATECRASH_K6', '');
  expect(await findK6()).toMatchObject({ version: '1.4.0', from: 'PATH' });
});

test.each([
  ['another program', 'v3.1.2', 'does not say that it is a k6'],
  ['an older one', 'k6 v0.57.0 (go1.23.4, linux/amd64)', 'is 0.57.0, older than 1.3.0'],
])('a GATECRASH_K6 that names %s is told', async (what, says, words) => {
  vi.stubEnv('GATECRASH_K6', program(what.replaceAll(' ', '-'), says));
  await expect(findK6()).rejects.toThrow(words);
});

test('where there is none, it is said how to get one', async () => {
  vi.stubEnv('GATECRASH_K6', '');
  vi.stubEnv('PATH', '/nowhere');
  await expect(obtainK6()).rejects.toMatchObject({
    code: 'K6_NOT_FOUND',
    hint: expect.stringContaining('GATECRASH_K6'),
  });
});
