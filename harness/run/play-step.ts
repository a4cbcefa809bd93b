/** One turn of one step of the timeline: inject, prove, hold, heal, prove. */
import { EtcdError, GRPCGenericError } from 'etcd3';
import { milliseconds } from '../../scenarios/duration.ts';
import type { Fault, FaultKind, Step } from '../../scenarios/scenario.ts';
import { injectorOf } from '../faults/index.ts';
import { HarnessError, gatewayWorkload, wordsOf } from '../model/errors.ts';
import type { Observation, Recorder } from '../model/history.ts';
import type { FaultContext, TrialRoutes } from '../model/injector.ts';
import type { World } from '../model/ports.ts';
import { derive } from './seed.ts';
import { happened } from './wait.ts';

/** A heal that takes longer has failed: the trial is thrown away with its world. */
const healWithinMs = 5_000;

export interface Turn {
  readonly step: Step;
  /** Of the step, from 0. */
  readonly index: number;
  /** Which time, from 1, of how many. */
  readonly turn: number;
  readonly turns: number;
  /** It is healed as soon as it is proven: its hold is how long that may take. */
  readonly untilProven?: boolean;
}

export interface StepJournal {
  /** `turn`: of a step that repeats. */
  write(edge: 'intent' | 'injected' | 'healed', step: number, fault: string, turn?: number): void;
}

/** What the timeline of a trial is played on. */
export interface Stage {
  readonly world: World;
  readonly routes: TrialRoutes;
  readonly recorder: Recorder;
  readonly journal: StepJournal;
  readonly seed: number;
}

type Numbered = Extract<Observation, { kind: 'fault' }>;

function contextOf({ step, index, turn }: Turn, { seed, routes }: Stage, signal: AbortSignal): FaultContext {
  return { seed: derive(seed, 'turn', turn), step: index, holdMs: milliseconds(step.hold), signal, routes };
}

/** Starts what the turn needs and breaks nothing yet. */
export async function prepareTurn(turn: Turn, stage: Stage, signal: AbortSignal): Promise<void> {
  const { fault } = turn.step;
  const injector = injectorOf(fault);
  const unsupported = injector.unsupported(fault, stage.world);
  if (unsupported !== undefined) throw new HarnessError('FAULT_NOT_CONFIRMED', `${fault.kind}: ${unsupported}`);
  await injector.prepare(fault, stage.world, contextOf(turn, stage, signal));
}

/** Healed when it resolves, and when it rejects. `onProof`: it is proven to have taken hold. */
export async function playTurn(turn: Turn, stage: Stage, onProof: () => void, signal: AbortSignal): Promise<void> {
  const { world, recorder, journal } = stage;
  const { step, index, turns } = turn;
  const { fault } = step;
  const injector = injectorOf(fault);
  const which: Pick<Numbered, 'turn' | 'turns'> = turns === 1 ? {} : { turn: turn.turn, turns };
  const note = (edge: 'inject' | 'verified' | 'heal' | 'healed', proof?: string): void =>
    recorder.record({ kind: 'fault', step: index, fault, edge, ...which, ...(proof === undefined ? {} : { proof }) });
  const enter = (edge: 'intent' | 'injected' | 'healed'): void => journal.write(edge, index, fault.kind, which.turn);

  const heal = async (): Promise<void> => {
    const context = contextOf(turn, stage, AbortSignal.timeout(healWithinMs));
    note('heal');
    await blamed(fault, injector.heal(fault, world, context), signal);
    note('healed', await blamed(fault, injector.verifyHealed(fault, world, context), signal));
    enter('healed');
  };
  await using undo = new AsyncDisposableStack();
  // Registered before the injection, so that a half-done one is undone too; with a deadline of its own, so that an
  // interrupted run still heals what it broke.
  undo.defer(heal);
  enter('intent');
  // A timer of its own: the signal of an AbortSignal.timeout() to which nobody listens yet may be collected as garbage, as
  // happens in a long injection, and then the step holds for ever.
  const over = new AbortController();
  const timer = setTimeout(() => over.abort(), milliseconds(step.hold));
  undo.defer(() => clearTimeout(timer));
  const held = AbortSignal.any([signal, over.signal]);
  note('inject');
  const before = await blamed(fault, injector.inject(fault, world, contextOf(turn, stage, signal)), signal);
  enter('injected');
  note('verified', await blamed(fault, injector.verify(fault, world, before, contextOf(turn, stage, held)), signal));
  onProof();
  if (turn.untilProven !== true) await happened(held, signal);
}

/** What the gateway is told, or has to bear, and does by itself: where it does not come about, that is its own doing. */
const doneByGateway: ReadonlySet<FaultKind> = new Set([
  'gateway.restart',
  'gateway.reload',
  'gateway.cold-start',
  'gateway.upgrade',
  'gateway.migrate',
  'gateway.scale-out',
  'routes.block',
]);

/** Whatever went wrong: a refused or unanswered request is told by an error of the client's. `signal`: of the trial. */
async function blamed<T>({ kind }: Fault, doing: Promise<T>, signal: AbortSignal): Promise<T> {
  try {
    return await doing;
  } catch (error) {
    if (!doneByGateway.has(kind) || signal.aborted || isOfEtcd(error)) throw error;
    const { code, message, hint } = error instanceof HarnessError ? error : unconfirmed(kind, error);
    throw new HarnessError(code, message, { hint, workload: gatewayWorkload, cause: error });
  }
}

/** Of our own client, past the gateway. */
function isOfEtcd(error: unknown): boolean {
  return error instanceof GRPCGenericError || error instanceof EtcdError;
}

function unconfirmed(kind: FaultKind, error: unknown): HarnessError {
  return new HarnessError('FAULT_NOT_CONFIRMED', `${kind}: ${wordsOf(error)}`);
}
