/**
 * `etcd.certificate-expired`: the certificate at the address of etcd is over its time. Connections that are open live on;
 * whoever has to connect anew trusts nobody there.
 */
import { connect } from 'node:tls';
import { readFileSync } from 'node:fs';
import type { Fault } from '../../scenarios/scenario.ts';
import { HarnessError } from '../model/errors.ts';
import type { Injector } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { untilProven } from './until.ts';

type CertificateExpired = Extract<Fault, { kind: 'etcd.certificate-expired' }>;

const over = 'CERT_HAS_EXPIRED';

export const etcdCertificateExpired: Injector<CertificateExpired> = {
  about: {
    hop: 'gateway->etcd',
    does: 'the certificate that is shown to new connections to etcd is over its time',
    proof: 'a handshake of our own fails for that reason',
    needs: 'openssl',
  },
  lacks: ({ missing }) => missing.openssl,
  unsupported: (_fault, { etcdCa }) =>
    etcdCa === undefined ? 'etcd is spoken to in the clear: etcd: { tls: true } gives it a certificate' : undefined,
  prepare: async () => undefined,

  async inject(_fault, world) {
    await world.link.show('expired');
    return {};
  },

  verify(_fault, world, _before, { signal }) {
    let came: string | undefined;
    const look = async (): Promise<string | undefined> => {
      came = await handshake(world);
      return came === over ? `a handshake fails: ${over}` : undefined;
    };
    return untilProven(look, () => `a handshake ${came === undefined ? 'succeeds' : `fails: ${came}`}`, signal);
  },

  heal: (_fault, world) => world.link.show('own'),

  async verifyHealed(_fault, world) {
    const came = await handshake(world);
    if (came !== undefined) throw new HarnessError('HEAL_FAILED', `a handshake still fails: ${came}`);
    return 'a handshake succeeds';
  },
};

/** Why a handshake with what is at etcd's address fails; undefined when it does not. */
function handshake({ link, etcdCa }: World): Promise<string | undefined> {
  const { hostname: host, port } = link.address;
  const ca = etcdCa === undefined ? undefined : readFileSync(etcdCa);
  const socket = connect({ host, port: Number(port), ca, ALPNProtocols: ['h2'] });
  return new Promise<string | undefined>((resolve) => {
    socket.once('secureConnect', () => resolve(undefined));
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  }).finally(() => socket.destroy());
}
