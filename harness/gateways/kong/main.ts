/** The companion of a Kong under test: it posts all routes to Kong's Admin API whenever one has changed in etcd. */
import { readFileSync } from 'node:fs';
import { type Carried, carry } from '../carrier/carry.ts';
import { declarativeConfig } from './config.ts';

/** Kong builds its router anew each time. */
const answerWithinMs = 10_000;

const file = process.argv[2];
if (file === undefined) throw new Error('usage: node main.ts <spec.json>');
const { admin, ...carried } = JSON.parse(readFileSync(file, 'utf8')) as Carried & { readonly admin: string };

let posted = '';
await carry(carried, async (locations) => {
  const body = JSON.stringify(declarativeConfig(locations));
  if (body === posted) return;
  const answer = await fetch(new URL('/config', admin), {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body,
    signal: AbortSignal.timeout(answerWithinMs),
  });
  if (!answer.ok) throw new Error(`Kong answered ${answer.status}: ${(await answer.text()).slice(0, 200)}`);
  await answer.arrayBuffer();
  posted = body;
  process.stdout.write(`${new Date().toISOString()} ${locations.length} routes\n`);
});
