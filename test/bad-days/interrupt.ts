/** SIGINT to the harness at a random moment of the bad day, once, or once more while it heals. */
import { setTimeout as sleep } from 'node:timers/promises';
import { gatecrash } from '../support/cli.ts';
import { type Moment, portsOf, startBadDay, tracesOf } from './run-under-test.ts';

export interface Interrupted {
  readonly holding: readonly string[];
  readonly code: number | null;
  /** From the first signal to the end. */
  readonly tookMs: number;
  /** Begun and, as the journal has it, never healed. */
  readonly unhealed: readonly string[];
  readonly left: readonly string[];
  /** Exit code of `gatecrash judge` on what it wrote, and what it said against it. */
  readonly judged: { readonly code: number | null; readonly stderr: string };
}

/** `againAfterMs`: of the second signal, from the first; undefined when there is none. */
export async function interruptAt(when: Moment, againAfterMs: number | undefined): Promise<Interrupted> {
  using run = await startBadDay();
  await run.until(when);
  const ports = portsOf(run.runId);
  const holding = run.holding();
  const startMs = performance.now();
  run.child.kill('SIGINT');
  if (againAfterMs !== undefined) {
    await Promise.race([sleep(againAfterMs), run.ended]);
    run.child.kill('SIGINT');
  }
  const code = await run.ended;
  const tookMs = Math.round(performance.now() - startMs);
  const left = await tracesOf(run.runId, ports);
  const { code: judged, stderr } = await gatecrash(['judge', run.folder]);
  return { holding, code, tookMs, unhealed: run.holding(), left, judged: { code: judged, stderr } };
}

/** What was not as it should be, in words; nothing when all was. */
export function wrongIn({ code, unhealed, left, judged }: Interrupted): readonly string[] {
  // Two of them mean that nothing could be decided, which is so of a run that was cut short; a breach may have been seen.
  const readable = judged.code !== null && [0, 1, 2, 5].includes(judged.code);
  return [
    ...(code === 130 ? [] : [`it exited with ${code}`]),
    ...unhealed.map((kind) => `${kind} was not healed`),
    ...left.map((trace) => `left: ${trace}`),
    ...(readable ? [] : [`gatecrash judge exited with ${judged.code}: ${judged.stderr}`]),
  ];
}
