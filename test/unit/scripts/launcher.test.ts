import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

interface Checkout extends Disposable {
  readonly folder: string;
  readonly bin: string;
  launch(args: readonly string[], file?: string): ChildProcess;
}

/** A checkout with the launcher, a program that says what it was given, and a PATH without any Node. */
function checkout(): Checkout {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-launcher-'));
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  for (const name of ['dirname', 'readlink']) symlinkSync(`/usr/bin/${name}`, path.join(bin, name));
  cpSync('gatecrash', path.join(folder, 'gatecrash'));
  mkdirSync(path.join(folder, 'harness'));
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  writeFileSync(
    path.join(folder, 'harness/cli.ts'),
    `const given: readonly string[] = process.argv.slice(2);
process.on('SIGTERM', () => process.exit(7));
process.stdout.write(JSON.stringify(given));
if (given.includes('wait')) setInterval(() => undefined, 1_000);`,
  );
  return {
    folder,
    bin,
    launch: (args, file = path.join(folder, 'gatecrash')) =>
      spawn(file, [...args], { env: { PATH: bin }, stdio: ['ignore', 'pipe', 'pipe'] }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

async function ended(child: ChildProcess): Promise<{ readonly code: unknown; readonly said: string }> {
  let said = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (said += String(chunk)));
  const [code] = await once(child, 'close');
  return { code, said };
}

test('without npm packages it says what is missing and what to do', async () => {
  using here = checkout();
  const { code, said } = await ended(here.launch(['list']));
  expect(said).toBe(`gatecrash: the npm packages are missing; run: make -C ${here.folder} setup\n`);
  expect(code).toBe(4);
});

test('a Node that is too old is none', async () => {
  using here = checkout();
  mkdirSync(path.join(here.folder, 'node_modules'));
  writeFileSync(path.join(here.bin, 'node'), '#!/bin/sh\nexit 1\n', { mode: 0o755 });
  const { code, said } = await ended(here.launch(['list']));
  expect(said).toContain('no Node >= 24.12');
  expect(code).toBe(4);
});

test('arguments arrive as they were given, also through a link from elsewhere', async () => {
  using here = checkout();
  mkdirSync(path.join(here.folder, 'node_modules'));
  symlinkSync(process.execPath, path.join(here.bin, 'node'));
  const link = path.join(here.bin, 'gatecrash');
  symlinkSync(path.join(here.folder, 'gatecrash'), link);
  const args = ['run', 'two words', '', '$HOME', '--out=*'];
  expect(await ended(here.launch(args, link))).toEqual({ code: 0, said: JSON.stringify(args) });
});

test('a signal to the launcher is a signal to the program', async () => {
  using here = checkout();
  mkdirSync(path.join(here.folder, 'node_modules'));
  symlinkSync(process.execPath, path.join(here.bin, 'node'));
  const child = here.launch(['wait']);
  child.stdout?.once('data', () => child.kill('SIGTERM'));
  expect((await ended(child)).code).toBe(7);
});
