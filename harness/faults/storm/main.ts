/** A storm on etcd as a process of its own, so that its work is not done on the time of whoever measures. */
import { readFileSync } from 'node:fs';
import { Etcd3 } from 'etcd3';
import { hostsOf } from '../../model/etcd-access.ts';
import { commitChanges } from '../../model/etcd-changes.ts';
import type { Change } from '../../model/layout.ts';
import { sendOnce } from '../../model/send-once.ts';
import { moveLeader } from '../etcd-leadership.ts';
import { pace } from './pace.ts';
import { type StormSpec, stormReady } from './spec.ts';
import { openWatchers } from './watcher.ts';

/** A request without an answer for this long is given up; the storm goes on. */
const requestTimeoutMs = 5_000;
/** More outstanding requests than this are not added to: an overloaded etcd needs no unbounded memory here. */
const outstandingLimit = 2_000;

const file = process.argv[2];
if (file === undefined) throw new Error('usage: node main.ts <spec.json>');
const spec = JSON.parse(readFileSync(file, 'utf8')) as StormSpec;

// The harness holds the other end of stdin: when it is gone, so is the storm.
process.stdin.resume().once('end', () => process.exit(0));

const members = spec.etcd.map((address) => new URL(address));
const client = new Etcd3({
  hosts: hostsOf(members),
  faultHandling: sendOnce,
  ...(spec.root === undefined ? {} : { auth: { username: spec.root.name, password: spec.root.password } }),
  defaultCallOptions: () => ({ deadline: Date.now() + requestTimeoutMs }),
});
let outstanding = 0;

function send(request: () => Promise<unknown>): void {
  if (outstanding >= outstandingLimit) return;
  outstanding++;
  // Refused and late answers are what a storm is for.
  void request()
    .catch(() => undefined)
    .finally(() => outstanding--);
}

/** Up to the newest revision; refused when nothing was written since. */
async function compact(): Promise<unknown> {
  const { header } = await client.getAll().prefix('\0').limit(1).exec();
  return client.kv.compact({ revision: header.revision, physical: true });
}

async function lease(keys: readonly Change[], ID: number): Promise<unknown> {
  await client.leaseClient.leaseGrant({ ID, TTL: spec.leases.ttlSeconds });
  return Promise.all(keys.map(({ key, value = '' }) => client.put(key).value(value).lease(ID).exec()));
}

process.once('SIGUSR2', () => {
  setTimeout(() => process.exit(0), spec.lifetimeMs);
  openWatchers(members, spec.watchers);
  pace(spec.changes.ratePerSecond, (index) => {
    const change = spec.changes.list[index % spec.changes.list.length];
    if (change !== undefined) send(() => commitChanges(client, change));
  });
  pace(spec.ranges.ratePerSecond, () => {
    send(() => client.getAll().prefix(spec.ranges.prefix).limit(spec.ranges.limit).exec());
  });
  if (spec.compactions.ratePerSecond > 0) send(compact);
  pace(spec.compactions.ratePerSecond, () => send(compact));
  const move = (): Promise<unknown> => moveLeader(members, AbortSignal.timeout(requestTimeoutMs));
  if (spec.leaderMoves.ratePerSecond > 0) send(move);
  pace(spec.leaderMoves.ratePerSecond, () => send(move));
  for (const [index, keys] of spec.leases.list.entries()) send(() => lease(keys, spec.leases.firstId + index));
});
process.stdout.write(`${stormReady(spec)}\n`);
