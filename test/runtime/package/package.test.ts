import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** What `npm pack` would publish, unpacked, with this checkout's packages beside it. */
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-package-'));
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], { stdio: ['ignore', 'ignore', 'inherit'] });
  execFileSync('sh', ['-c', 'tar -xzf *.tgz'], { cwd: folder });
  symlinkSync(path.resolve('node_modules'), path.join(folder, 'node_modules'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function runBin(name: string, args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const packed = path.join(folder, 'package');
  const { bin } = JSON.parse(readFileSync(path.join(packed, 'package.json'), 'utf8')) as {
    readonly bin: Readonly<Record<string, string>>;
  };
  const file = path.join(packed, bin[name] ?? 'none');
  expect(readFileSync(file, 'utf8').split('\n')[0]).toMatch(/^#!\/usr\/bin\/env (-S node( --\S+)+|node)$/);
  return spawnSync(process.execPath, [file, ...args], { encoding: 'utf8', env: { ...process.env, ...env } });
}

test('the package brings the program', () => {
  const { status, stdout } = runBin('gatecrash', ['list', 'scenarios']);
  expect(status).toBe(0);
  expect(stdout).toContain('watch-silent-death');
});

test('the package brings the watch proxy', () => {
  const { status, stderr } = runBin('gatecrash-watch-proxy', [], { WATCH_PROXY_LISTEN: 'nowhere' });
  expect(stderr).toContain('WATCH_PROXY_LISTEN');
  expect(status).toBe(2);
});

test('the package reads a configuration that lies elsewhere, and brings its types', () => {
  const file = path.join(folder, 'gatecrash.config.ts');
  writeFileSync(
    file,
    `import { defineConfig } from 'gatecrash/config';\nexport default defineConfig({ pairs: [], blocks: 2 });\n`,
  );
  const { status, stderr } = runBin('gatecrash', ['nightly', '--config', file]);
  expect(stderr).toMatch(/pairs must be a list[\s\S]*blocks must be a whole number/);
  expect(status).toBe(3);
  const { exports } = JSON.parse(readFileSync(path.join(folder, 'package', 'package.json'), 'utf8')) as {
    readonly exports: { readonly './config': { readonly types: string } };
  };
  expect(readFileSync(path.join(folder, 'package', exports['./config'].types), 'utf8')).toContain('defineConfig');
});
