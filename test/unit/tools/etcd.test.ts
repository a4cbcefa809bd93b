import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, test } from 'vitest';

interface Checkout extends Disposable {
  readonly folder: string;
  /** Puts a program on the PATH of `setup`. */
  program(name: string, script: string): string;
  /** `node harness/commands/setup.ts`, with nothing on PATH but these programs. */
  setup(env?: Readonly<Record<string, string>>): Promise<{ readonly code: number; readonly said: string }>;
}

/** A checkout with an empty `.tools`, as far as setup needs it. */
function checkout(): Checkout {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-tools-'));
  const bin = path.join(folder, 'bin');
  mkdirSync(bin);
  writeFileSync(path.join(folder, 'package.json'), '{ "type": "module" }');
  for (const name of ['commands/setup.ts', 'commands/show-error.ts', 'model', 'tools'])
    cpSync(path.join('harness', name), path.join(folder, 'harness', name), { recursive: true });
  return {
    folder,
    program(name, script) {
      const file = path.join(bin, name);
      writeFileSync(file, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      return file;
    },
    setup: (env = {}) =>
      new Promise((resolve) => {
        const args = [path.join(folder, 'harness/commands/setup.ts')];
        execFile(process.execPath, args, { env: { PATH: bin, ...env } }, (error, stdout, stderr) =>
          resolve({ code: error === null ? 0 : Number(error.code), said: stderr + stdout }),
        );
      }),
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}

const etcd = (version: string): string => `echo "etcd Version: ${version}"; echo "Git SHA: 9.9.9"`;
/** A Go that leaves an etcd where `-o` says. */
const go = `while [ "$1" != -o ]; do shift; done
/bin/mkdir -p "$(/usr/bin/dirname "$2")"
printf '%s\\n' '#!/bin/sh' '${etcd('3.7.3')}' >"$2"
/bin/chmod +x "$2"`;

test('GATECRASH_ETCD goes before PATH', async () => {
  using host = checkout();
  const named = host.program('another', etcd('3.5.9'));
  host.program('etcd', etcd('3.6.1'));
  expect((await host.setup({ GATECRASH_ETCD: named })).said).toBe(`etcd 3.5.9 (GATECRASH_ETCD): ${named}\n`);
  expect((await host.setup({ GATECRASH_ETCD: '' })).said).toMatch(/^etcd 3\.6\.1 \(PATH\)/);
});

test.each([
  ['an older etcd', etcd('3.3.25'), 'is 3.3.25, older than 3.4.0'],
  ['another program', 'echo 9.1', 'does not say that it is an etcd'],
  ['a program that fails', 'exit 1', 'does not say that it is an etcd'],
])('a GATECRASH_ETCD that names %s is told, not worked around', async (_what, script, words) => {
  using host = checkout();
  host.program('etcd', etcd('3.7.3'));
  const { code, said } = await host.setup({ GATECRASH_ETCD: host.program('named', script) });
  expect(said).toContain(words);
  expect(code).toBe(4);
});

test('what Go built is kept, and found without Go the next time', async () => {
  using host = checkout();
  const file = host.program('go', go);
  expect((await host.setup()).said).toMatch(/building etcd 3\.7\.3 with Go.*\netcd 3\.7\.3 \(built with Go\)/);
  rmSync(file);
  expect((await host.setup()).said).toMatch(/^etcd 3\.7\.3 \(\.tools, built with Go\)/);
});

test('a Go that cannot build gives way to Debian’s package, which is unpacked and not installed', async () => {
  using host = checkout();
  host.program('go', 'echo "go: downloading go1.26 (linux/amd64)"; echo "go: no such toolchain" >&2; exit 1');
  host.program('apt-get', 'case "$*" in *download*) : >etcd-server_3.5.16_amd64.deb ;; esac');
  host.program(
    'dpkg-deb',
    `/bin/mkdir -p "$3/usr/bin"
printf '%s\\n' '#!/bin/sh' '${etcd('3.5.16')}' >"$3/usr/bin/etcd"
/bin/chmod +x "$3/usr/bin/etcd"`,
  );
  const { code, said } = await host.setup();
  expect(said).toContain('no etcd built with Go: go: no such toolchain');
  expect(said).toContain(`etcd 3.5.16 (out of Debian's package): ${host.folder}/.tools/etcd-debian/usr/bin/etcd`);
  expect(code).toBe(0);
});

test('no way left: exit 4, with why each failed and what to do', async () => {
  using host = checkout();
  host.program('etcd', etcd('3.3.25'));
  host.program('apt-get', 'echo "E: Unable to locate package etcd-server" >&2; exit 100');
  host.program('dpkg-deb', '');
  const { code, said } = await host.setup();
  expect(code).toBe(4);
  for (const words of [
    'error ETCD_NOT_FOUND: there is no etcd',
    'GATECRASH_ETCD: not set',
    'is 3.3.25, older than 3.4.0',
    'built with Go: go is not on PATH',
    "out of Debian's package: apt-get update: E: Unable to locate package etcd-server",
    'hint: install etcd (Debian: apt-get install etcd-server)',
  ])
    expect(said).toContain(words);
});
