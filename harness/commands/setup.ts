/** `make setup`: makes sure that an etcd is there. */
import { showError } from './show-error.ts';
import { obtainEtcd } from '../tools/etcd.ts';

try {
  const { path, version, from } = await obtainEtcd((text) => process.stderr.write(`${text}\n`));
  process.stdout.write(`etcd ${version} (${from}): ${path}\n`);
} catch (error) {
  process.exitCode = showError(error);
}
