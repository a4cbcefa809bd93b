/** Keeps the gateway's own metrics page with the evidence. Nothing is judged by it: a gateway could flatter itself. */
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Gateway } from '../model/ports.ts';

const withinMs = 2_000;

/** As `gateway-metrics.txt`; no file when it has no such page, or does not give it. */
export async function keepMetricsPage(
  { metrics }: Pick<Gateway, 'metrics'>,
  folder: string,
  signal: AbortSignal,
): Promise<void> {
  if (metrics === undefined) return;
  try {
    const answer = await fetch(metrics, { signal: AbortSignal.any([signal, AbortSignal.timeout(withinMs)]) });
    if (answer.ok) writeFileSync(path.join(folder, 'gateway-metrics.txt'), await answer.text());
  } catch {
    signal.throwIfAborted();
  }
}
