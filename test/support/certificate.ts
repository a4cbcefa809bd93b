/** Certificates for tests, made by openssl in a folder that is gone when disposed. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';

export interface TestCertificate {
  /** PEM. */
  readonly cert: string;
  readonly key: string;
  readonly certFile: string;
  readonly keyFile: string;
}

export interface TestAuthority extends Disposable {
  readonly ca: string;
  readonly caFile: string;
  /** For these names: the first is the common name, all are alternative names; also addresses. */
  issue(...names: readonly string[]): TestCertificate;
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

export function createAuthority(): TestAuthority {
  const folder = mkdtempSync(path.join(tmpdir(), 'gatecrash-test-ca-'));
  const file = (name: string): string => path.join(folder, name);
  const openssl = (...args: readonly string[]): void => void execFileSync('openssl', [...args], { stdio: 'pipe' });
  openssl(
    'req',
    '-x509',
    ...curve,
    '-days',
    '2',
    '-subj',
    '/CN=test authority',
    '-keyout',
    file('ca.key'),
    '-out',
    file('ca.crt'),
  );
  let issued = 0;
  return {
    ca: readFileSync(file('ca.crt'), 'utf8'),
    caFile: file('ca.crt'),
    issue(...names) {
      const [name, number] = [names[0] ?? 'test', ++issued];
      const [certFile, keyFile] = [file(`${number}.crt`), file(`${number}.key`)];
      const kinds = names.map((each) => (/^[\d.]+$/.test(each) ? `IP:${each}` : `DNS:${each}`));
      writeFileSync(file(`${number}.ext`), `subjectAltName=${kinds.join(',')}\n`);
      openssl('req', ...curve, '-subj', `/CN=${name}`, '-keyout', keyFile, '-out', file(`${number}.csr`));
      const signed = ['-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-CAcreateserial', '-days', '2'];
      openssl(
        'x509',
        '-req',
        '-in',
        file(`${number}.csr`),
        ...signed,
        '-extfile',
        file(`${number}.ext`),
        '-out',
        certFile,
      );
      return { cert: readFileSync(certFile, 'utf8'), key: readFileSync(keyFile, 'utf8'), certFile, keyFile };
    },
    [Symbol.dispose]: () => rmSync(folder, { recursive: true, force: true }),
  };
}
