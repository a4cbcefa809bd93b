/** The toxiproxy that faults of the network need; built by the first test that asks, where there is a Go. */
import { obtainToxiproxy } from '../../harness/tools/toxiproxy.ts';

/** Its path; undefined where this host cannot have it. */
export const toxiproxy: string | undefined = await obtainToxiproxy(
  (text) => void process.stderr.write(`${text}\n`),
).then(
  ({ path }) => path,
  () => undefined,
);

/** For the names of tests, which are how a skipped one is told. */
export const withToxiproxy: string = toxiproxy === undefined ? 'no toxiproxy, and no Go to build one' : 'toxiproxy';
