/** The certificate at etcd's address runs out: by a real link over TLS, seen by handshakes and a watch of the test's own. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { connect } from 'node:tls';
import { Etcd3 } from 'etcd3';
import { expect, test } from 'vitest';
import { connectLink } from '../../../harness/etcd-link/client.ts';
import { linkWorkload } from '../../../harness/etcd-link/workload.ts';
import { makeCertificates } from '../../../harness/run/certificates.ts';
import { freePort } from '../../support/etcd.ts';
import { until } from '../../support/http.ts';
import { played } from '../../support/played-fault.ts';
import { startTrialWorld } from '../../support/trial-world.ts';

const signal = AbortSignal.timeout(600_000);

test('etcd.certificate-expired: new connections trust nobody, open ones live on, and all is well after the heal', async () => {
  await using started = await startTrialWorld();
  const { ca, own, expired } = await makeCertificates(path.join(started.world.folder, 'certificates'));
  const listen = new URL(`https://127.0.0.1:${await freePort()}`);
  const control = new URL(`http://127.0.0.1:${await freePort()}`);
  const upstreams = [started.world.etcd];
  await started.world.launch(linkWorkload({ listen, control, upstreams, tls: { ...own, expired } }), signal);
  using link = connectLink(control, listen);
  const world = { ...started.world, link, etcdCa: ca };
  const authority = readFileSync(ca);
  const handshake = (): Promise<string> => {
    const socket = connect({ host: listen.hostname, port: Number(listen.port), ca: authority });
    return new Promise<string>((resolve) => {
      socket.once('secureConnect', () => resolve(socket.authorized ? 'trusted' : 'not trusted'));
      socket.once('error', (error) => resolve(error.message));
    }).finally(() => socket.destroy());
  };
  await until(async () => (await handshake()) === 'trusted', 'the link is there');

  const client = new Etcd3({ hosts: listen.origin, credentials: { rootCertificate: authority } });
  await client.put('/before').value('1');
  const { proof, healed } = await played({ kind: 'etcd.certificate-expired' }, world, async () => {
    expect(await handshake()).toMatch(/certificate has expired/);
    // On the connection that it has.
    await client.put('/during').value('2');
    const newcomer = new Etcd3({ hosts: listen.origin, credentials: { rootCertificate: authority } });
    await expect(newcomer.get('/before').string()).rejects.toThrow(/expired/);
    newcomer.close();
  });
  expect([proof, healed]).toEqual(['a handshake fails: CERT_HAS_EXPIRED', 'a handshake succeeds']);
  expect(await handshake()).toBe('trusted');
  // Ending every fault of the link ends this one, too.
  await link.show('expired');
  expect(await handshake()).toMatch(/certificate has expired/);
  await link.heal();
  expect(await handshake()).toBe('trusted');
  client.close();
});
