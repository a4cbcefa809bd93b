/** The route table in etcd, after a fault that lost a part of it. */
import { HarnessError } from '../model/errors.ts';
import type { World } from '../model/ports.ts';
import { verifyWhole } from './etcd-members.ts';

/** Proof that etcd is whole and holds all that was acknowledged. */
export async function verifyKept(world: World, signal: AbortSignal): Promise<string> {
  const whole = await verifyWhole(world, signal);
  const missing = await world.kept.missing(signal);
  if (missing.length === 0) return `${whole}; no acknowledged route is missing`;
  const some = missing.slice(0, 3).join(', ');
  throw new HarnessError('HEAL_FAILED', `etcd lacks ${missing.length} routes that were acknowledged: ${some}`);
}
