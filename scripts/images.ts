/**
 * `make images`: builds every image whose inputs have changed, names it `latest` beside the hash that it is known by, and
 * sees a real watch through the one of the watch proxy. `NODE_IMAGE` is the base, `local` one that is made here.
 */
import { connectEngine } from '../harness/containers/engine.ts';
import { obtainImages } from '../harness/containers/images/obtain.ts';
import { showError } from '../harness/commands/show-error.ts';
import { ownImages } from '../harness/model/images.ts';
import { obtainEtcd } from '../harness/tools/etcd.ts';
import { obtainToxiproxy } from '../harness/tools/toxiproxy.ts';
import { seeWatch } from './see-watch.ts';

function say(text: string): void {
  process.stderr.write(`images: ${text}\n`);
}

async function main(): Promise<void> {
  const engine = await connectEngine();
  const etcd = await obtainEtcd(say);
  const toxiproxy = await obtainToxiproxy(say).catch((error: Error) => say(`no toxiproxy: ${error.message}`));
  const programs = { etcd: etcd.path, previousEtcd: undefined, toxiproxy: toxiproxy?.path };
  const { previousEtcd, toxiproxy: proxied, ...always } = ownImages;
  const names = [...Object.values(always), ...(toxiproxy === undefined ? [] : [proxied])];
  for (const [name, reference] of await obtainImages(engine, names, programs, say)) {
    await engine.docker.getImage(reference).tag({ repo: name, tag: 'latest' });
    process.stdout.write(`${reference}\n`);
  }
  say(`${previousEtcd} is built when a scenario wants it`);
  process.stdout.write(`${await seeWatch(ownImages.watchProxy)}\n`);
}

try {
  await main();
} catch (error) {
  process.exitCode = showError(error);
}
