/**
 * The companion of an nginx under test: it writes nginx's configuration from etcd and tells it to read that. So a new route
 * costs a reload, as with every nginx that is configured by files.
 */
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Carried, carry } from '../carrier/carry.ts';
import { type NginxPlace, configFile, pidFile, routesConfig, routesFile } from './config.ts';

/** Changes that come closer together are one reload: it starts all workers anew. */
const leastBetweenReloadsMs = 200;
/** Within it, an nginx that was just started can be told; one that is not there reads the file when it starts. */
const tellWithinMs = 1_000;

const file = process.argv[2];
if (file === undefined) throw new Error('usage: node main.ts <spec.json>');
const { place, ...carried } = JSON.parse(readFileSync(file, 'utf8')) as Carried & { readonly place: NginxPlace };

let written = '';
await carry(carried, async (locations) => {
  const text = routesConfig(place, locations);
  if (text === written) return;
  const beside = `${routesFile(place)}.new`;
  writeFileSync(beside, text);
  renameSync(beside, routesFile(place));
  const deadline = performance.now() + tellWithinMs;
  while (!told() && performance.now() < deadline) await sleep(20);
  written = text;
  process.stdout.write(`${new Date().toISOString()} ${locations.length} routes, ${text.length} bytes\n`);
  await sleep(leastBetweenReloadsMs);
});

/** Whether there is an nginx, and it was told to read its configuration. */
function told(): boolean {
  try {
    const pid = Number(readFileSync(pidFile(place), 'utf8'));
    // The file of one that was killed stays, and its number may be another's by now.
    if (!readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(configFile(place))) return false;
    process.kill(pid, 'SIGHUP');
    return true;
  } catch {
    return false;
  }
}
