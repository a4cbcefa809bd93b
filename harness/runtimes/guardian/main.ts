/**
 * The guardian of a run, a process of its own. When the harness is gone, however it went, every process of the run is ended
 * and its containers, its scratch folder and groups of the kernel removed: whatever was broken (an etcd that stands still, an alarm, a storm) ends with the process
 * that it was broken in. `gatecrash clean` is for the case that the guardian was killed too.
 */
import { rmSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { connectEngine } from '../../containers/engine.ts';
import { removeOfRuns } from '../../containers/leftovers.ts';
import { leftGroups, removed } from '../kernel-group.ts';
import { end, labelled } from '../residue.ts';

const everyMs = 20;
/** What was just being started when the harness died may carry the label only a moment later. Milliseconds. */
const quietMs = 500;

const [runId = '', scratch = '', lives = 'processes'] = process.argv.slice(2);
if (runId === '' || scratch === '')
  throw new Error('usage: node main.ts <run id> <scratch folder> [processes | containers]');

async function endRun(): Promise<void> {
  const told = new Set<number>();
  let lastSeenMs = performance.now();
  while (performance.now() - lastSeenMs < quietMs) {
    for (const leftover of labelled(runId)) {
      lastSeenMs = performance.now();
      if (!told.has(leftover.pid))
        process.stdout.write(`the harness is gone: ended ${leftover.pid} ${leftover.command}\n`);
      told.add(leftover.pid);
      end(leftover);
    }
    await sleep(everyMs);
  }
  if (lives === 'containers') await removeContainers().catch(tell);
  for (const left of leftGroups()) if (left.runId === runId) removed(left.group);
  rmSync(scratch, { recursive: true, force: true });
}

async function removeContainers(): Promise<void> {
  const removed = await removeOfRuns(await connectEngine(), (each) => each === runId);
  for (const { kind, name } of removed) process.stdout.write(`the harness is gone: removed ${kind} ${name}\n`);
}

/** The rest is removed all the same. */
function tell(error: Error): void {
  process.stdout.write(`the harness is gone, and its containers are left (gatecrash clean): ${error.message}\n`);
}

// The harness holds the other end of stdin.
process.stdin.resume().once('end', () => void endRun());
