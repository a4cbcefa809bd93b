/** A verdict is a function of the evidence: whoever has the folder gets the same bytes. */
import { cpSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { judge } from '../../harness/judge/judge.ts';
import type { Evidence } from '../../harness/model/evidence.ts';
import { hashOf } from '../../harness/run/make-plan.ts';
import { routeFlood } from '../../scenarios/routes/route-flood.ts';
import { none } from '../../scenarios/steady/none.ts';
import { gatecrash, textOf } from '../support/cli.ts';
import { evidence } from '../support/evidence.ts';
import { scratch } from '../support/history.ts';
import { writeRunFolder } from '../support/run-folder.ts';

/** Of numbers that no rounding leaves as they are. */
function session(): Evidence {
  const tried = evidence([routeFlood, none], 5, (arm, block, { name }) => ({
    p99Ms: 5 + Math.sqrt(block) + (arm === 'canary' && name === 'route-flood' ? 40 : block / 7),
    // By turns in both directions: what always goes one way is an effect of the order.
    delayMs: 20 + block / 3 + (arm === 'twin' ? (-1) ** block / 9 : 0),
  }));
  const { hash: _, ...plan } = tried.plan;
  return { ...tried, plan: { ...plan, hash: hashOf(plan) } };
}

test('a run judged in another place, language and time zone, its files in another order, gives the same bytes', async () => {
  using here = scratch();
  using there = scratch();
  const [folder, other] = [path.join(here.folder, 'run'), path.join(there.folder, 'another name')];
  const tried = session();
  writeRunFolder(folder, tried);
  mkdirSync(path.join(other, 'trials'), { recursive: true });
  for (const name of readdirSync(path.join(folder, 'trials')).toSorted().toReversed())
    cpSync(path.join(folder, 'trials', name), path.join(other, 'trials', name), { recursive: true });
  for (const name of ['plan.json', 'environment.json']) cpSync(path.join(folder, name), path.join(other, name));

  const foreign = { TZ: 'Pacific/Auckland', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' };
  const [ours, theirs] = await Promise.all([gatecrash(['judge', folder]), gatecrash(['judge', other], foreign)]);
  expect([ours.code, theirs.code]).toEqual([1, 1]);
  const bytes = readFileSync(path.join(folder, 'verdict.json'));
  expect(readFileSync(path.join(other, 'verdict.json')).equals(bytes)).toBe(true);
  expect(JSON.parse(bytes.toString())).toEqual(JSON.parse(JSON.stringify(judge(tried))));

  // And again, in its own place, over what was decided there.
  rmSync(path.join(folder, 'verdict.json'));
  await gatecrash(['judge', folder]);
  expect(textOf(folder, 'verdict.json')).toBe(bytes.toString());
});
