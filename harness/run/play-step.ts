/** One step of the timeline: inject, prove, hold, heal, prove. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Step } from '../../scenarios/scenario.ts';
import { injectorOf } from '../faults/index.ts';
import { milliseconds } from '../../scenarios/duration.ts';
import { HarnessError } from '../model/errors.ts';
import type { Recorder } from '../model/history.ts';
import type { World } from '../model/ports.ts';

/** A heal that takes longer has failed: the trial is thrown away with its world. */
const healWithinMs = 5_000;

export interface StepJournal {
  write(edge: 'intent' | 'injected' | 'healed', step: number, fault: string): void;
}

/** Starts what the faults of a timeline need, before anything is measured. */
export async function prepareSteps(
  steps: readonly Step[],
  world: World,
  seed: number,
  signal: AbortSignal,
): Promise<void> {
  for (const [index, { fault, hold }] of steps.entries()) {
    const injector = injectorOf(fault);
    const unsupported = injector.unsupported(fault, world);
    if (unsupported !== undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', `${fault.kind}: ${unsupported}`);
    await injector.prepare(fault, world, { seed, step: index, holdMs: milliseconds(hold), signal });
  }
}

export async function playStep(
  step: Step,
  index: number,
  world: World,
  { recorder, journal, seed }: { readonly recorder: Recorder; readonly journal: StepJournal; readonly seed: number },
  signal: AbortSignal,
): Promise<void> {
  const { fault } = step;
  const injector = injectorOf(fault);
  const holdMs = milliseconds(step.hold);
  await sleep(milliseconds(step.at), undefined, { signal });
  const note = (edge: 'inject' | 'verified' | 'heal' | 'healed', proof?: string): void =>
    recorder.record({ kind: 'fault', step: index, fault, edge, ...(proof === undefined ? {} : { proof }) });

  const heal = async (): Promise<void> => {
    const context = { seed, step: index, holdMs, signal: AbortSignal.timeout(healWithinMs) };
    note('heal');
    await injector.heal(fault, world, context);
    note('healed', await injector.verifyHealed(fault, world, context));
    journal.write('healed', index, fault.kind);
  };
  await using undo = new AsyncDisposableStack();
  // Registered before the injection, so that a half-done one is undone too; with a deadline of its own, so that an
  // interrupted run still heals what it broke.
  undo.defer(heal);
  journal.write('intent', index, fault.kind);
  // A timer of its own: the signal of an AbortSignal.timeout() to which nobody listens yet may be collected as garbage, as
  // happens in a long injection, and then the step holds for ever.
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), holdMs);
  undo.defer(() => clearTimeout(timer));
  const held = AbortSignal.any([signal, over.signal]);
  note('inject');
  const before = await injector.inject(fault, world, { seed, step: index, holdMs, signal });
  journal.write('injected', index, fault.kind);
  const proof = await injector.verify(fault, world, before, { seed, step: index, holdMs, signal: held });
  note('verified', proof);
  await ended(held, signal);
}

/** Resolves when `held` aborts by its time; rejects when the trial was stopped. */
async function ended(held: AbortSignal, stop: AbortSignal): Promise<void> {
  if (!held.aborted) await new Promise((resolve) => held.addEventListener('abort', resolve, { once: true }));
  stop.throwIfAborted();
}
