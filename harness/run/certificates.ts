/** Certificates of one trial, by openssl: an authority, and two that it issued for loopback, one of them for no time at all. */
import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { HarnessError } from '../model/errors.ts';

/** Paths of files in PEM. */
export interface CertificateFiles {
  readonly cert: string;
  readonly key: string;
}

export interface TrialCertificates {
  readonly ca: string;
  readonly own: CertificateFiles;
  /** Its time was over when it was made. */
  readonly expired: CertificateFiles;
}

const curve = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];

/** `folder` is made; rejects with PROCESS_DIED where there is no openssl. */
export async function makeCertificates(folder: string): Promise<TrialCertificates> {
  mkdirSync(folder);
  const file = (name: string): string => path.join(folder, name);
  const [ca, caKey] = [file('ca.crt'), file('ca.key')];
  await openssl('req', '-x509', ...curve, '-days', '1', '-subj', '/CN=gatecrash', '-keyout', caKey, '-out', ca);
  writeFileSync(file('names'), 'subjectAltName=IP:127.0.0.1,DNS:localhost\n');
  const issue = async (name: string, days: number): Promise<CertificateFiles> => {
    const [cert, key, request] = [file(`${name}.crt`), file(`${name}.key`), file(`${name}.csr`)];
    await openssl('req', ...curve, '-subj', '/CN=127.0.0.1', '-keyout', key, '-out', request);
    const signed = ['-CA', ca, '-CAkey', caKey, '-CAcreateserial', '-days', String(days), '-extfile', file('names')];
    await openssl('x509', '-req', '-in', request, ...signed, '-out', cert);
    return { cert, key };
  };
  // One after the other: they draw their numbers from one file.
  const own = await issue('own', 1);
  return { ca, own, expired: await issue('expired', 0) };
}

async function openssl(...args: readonly string[]): Promise<void> {
  try {
    await promisify(execFile)('openssl', args);
  } catch (cause) {
    throw new HarnessError('PROCESS_DIED', 'openssl, which makes the certificates of tls: true, failed', {
      hint: 'install openssl, or leave tls out',
      cause,
    });
  }
}
