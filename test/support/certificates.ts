/** Certificates for tests, made by the `openssl` command: an authority, and what it signs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

/** PEM. */
export interface KeyPair {
  readonly cert: string;
  readonly key: string;
}

export interface Authority extends Disposable {
  readonly cert: string;
  readonly certFile: string;
  /** For these names, as a server's and as a client's. */
  sign(...names: readonly string[]): KeyPair;
}

export function makeAuthority(): Authority {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-ca-'));
  const at = (name: string): string => path.join(folder, name);
  const run = (...args: readonly string[]): void => void execFileSync('openssl', args, { cwd: folder, stdio: 'pipe' });
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  run('req', '-x509', ...fresh, '-keyout', 'ca.key', '-out', 'ca.pem', '-days', '2', '-subj', '/CN=test authority');
  let made = 0;
  return {
    cert: readFileSync(at('ca.pem'), 'utf8'),
    certFile: at('ca.pem'),
    sign(...names) {
      const name = `leaf${made++}`;
      run('req', ...fresh, '-keyout', `${name}.key`, '-out', `${name}.csr`, '-subj', `/CN=${names[0]}`);
      writeFileSync(at(`${name}.ext`), `subjectAltName=${names.map((each) => `DNS:${each}`).join(',')}\n`);
      const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '1', '-extfile', `${name}.ext`];
      run('x509', '-req', '-in', `${name}.csr`, ...signed, '-out', `${name}.pem`);
      return { cert: readFileSync(at(`${name}.pem`), 'utf8'), key: readFileSync(at(`${name}.key`), 'utf8') };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
