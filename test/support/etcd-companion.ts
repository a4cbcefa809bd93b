/** The programs beside etcd that single faults need; built by the first test that asks, where there is a Go. */
import { type Companion, obtainCompanion } from '../../harness/tools/etcd-companions.ts';
import { testedEtcd } from './etcd.ts';

/** Its path; undefined where this host cannot have it. */
export async function companion(wanted: Companion): Promise<string | undefined> {
  const { version } = await testedEtcd();
  return obtainCompanion(wanted, version, (text) => void process.stderr.write(`${text}\n`));
}
