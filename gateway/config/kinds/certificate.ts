/** `<prefix>/ssls/<id>`: a certificate and its key, for the names (SNI, RFC 6066 §3) that it serves. */
import { createSecureContext } from 'node:tls';
import { BadItem } from '../bad-item.ts';
import type { Certificate } from '../config-objects.ts';
import { bookkeeping, hostsOf } from './common.ts';
import type { ObjectKind } from './kind.ts';

interface RawCertificate {
  readonly cert: string;
  readonly key: string;
  readonly sni?: string;
  readonly snis?: readonly string[];
  readonly status?: 0 | 1;
}

/** As of hosts, and `*` for any. */
const name = { type: 'string', pattern: '^(\\*|\\*?[0-9a-zA-Z-._\\[\\]:]+)$' };
const pem = { type: 'string', pattern: '^\\s*-----BEGIN ' };

export const certificateKind: ObjectKind<Certificate> = {
  directory: 'ssls',
  secrets: [['key']],
  schema: {
    type: 'object',
    properties: {
      ...bookkeeping,
      cert: pem,
      key: pem,
      sni: name,
      snis: { type: 'array', items: name, minItems: 1, uniqueItems: true },
      type: { enum: ['server'] },
      status: { enum: [0, 1] },
      validity_start: { type: 'integer' },
      validity_end: { type: 'integer' },
    },
    required: ['cert', 'key'],
    oneOf: [{ required: ['sni'] }, { required: ['snis'] }],
    additionalProperties: false,
  },
  read(id, { cert, key, sni, snis, status }: RawCertificate) {
    try {
      // Made here, so that a key that does not fit its certificate never gets into force.
      return { id, names: status === 0 ? [] : hostsOf(sni, snis), context: createSecureContext({ cert, key }) };
    } catch {
      // The words of OpenSSL stay out: they may quote the key.
      throw new BadItem('/cert and /key do not make a pair that TLS can use');
    }
  },
};
