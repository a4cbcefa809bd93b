/** What the load engine measures: one meter per phase, one line per second. */
import { type Histogram, build, encodeIntoCompressedBase64 } from 'hdr-histogram-js';
import type { PhaseLatency } from '../model/evidence.ts';
import type { Phase } from '../model/history.ts';
import type { Measured, Tally } from './load-messages.ts';

/** Longest latency that is told apart, in microseconds. */
const highestMicros = 60_000_000;
/** Wrong answers told one by one; more of them say nothing new. */
const wrongLimit = 200;

function histogram(): Histogram {
  return build({
    bitBucketSize: 64,
    lowestDiscernibleValue: 1,
    highestTrackableValue: highestMicros,
    numberOfSignificantValueDigits: 3,
    useWebAssembly: false,
  });
}

function micros(ms: number): number {
  return Math.min(highestMicros, Math.max(1, Math.round(ms * 1_000)));
}

export class PhaseMeter {
  readonly phase: Phase;
  readonly #latency = histogram();
  readonly #lateness = histogram();
  readonly #all: PhaseMeters;
  readonly #errors: Record<string, number> = {};
  #sent = 0;
  #dropped = 0;
  #ok = 0;

  constructor(phase: Phase, all: PhaseMeters) {
    this.phase = phase;
    this.#all = all;
  }

  sent(lateMs: number): void {
    this.#sent++;
    this.#lateness.recordValue(micros(lateMs));
    this.#all.second.sent++;
  }

  /** So many were due and were never sent. */
  dropped(requests: number): void {
    this.#dropped += requests;
  }

  answered(latencyMs: number, error: string | undefined): void {
    const value = micros(latencyMs);
    this.#latency.recordValue(value);
    this.#all.second.latency.recordValue(value);
    if (error === undefined) {
      this.#ok++;
      this.#all.second.ok++;
      return;
    }
    this.#errors[error] = (this.#errors[error] ?? 0) + 1;
    this.#all.second.errors[error] = (this.#all.second.errors[error] ?? 0) + 1;
  }

  wrong(route: string, status: number, expected: number): void {
    this.#all.wrong(route, status, expected);
  }

  tally(): Tally {
    return { good: this.#ok, bad: this.#latency.totalCount - this.#ok };
  }

  result(): PhaseLatency {
    return {
      phase: this.phase,
      histogram: encodeIntoCompressedBase64(this.#latency),
      // The engine that is built in hands every due request over, however late. One that then finds no free connection is
      // an error of the gateway that keeps them all busy (`unsent`), not a request that the engine failed to send.
      planned: this.#sent + this.#dropped,
      sent: this.#sent,
      ok: this.#ok,
      errors: this.#errors,
      sendLatenessP99Ms: this.#lateness.getValueAtPercentile(99) / 1_000,
    };
  }
}

interface Second {
  sent: number;
  ok: number;
  errors: Record<string, number>;
  readonly latency: Histogram;
}

export class PhaseMeters {
  readonly #say: (message: Measured) => void;
  /** Phases with their start, in order. A phase may come again; its requests then count together. */
  readonly #entered: { readonly meter: PhaseMeter; readonly sinceMs: number }[] = [];
  readonly #meters = new Map<Phase, PhaseMeter>();
  readonly second: Second = { sent: 0, ok: 0, errors: {}, latency: histogram() };
  #wrong = 0;

  constructor(say: (message: Measured) => void) {
    this.#say = say;
  }

  enter(phase: Phase, nowMs: number): void {
    this.#entered.push({ meter: this.#meterOf(phase), sinceMs: nowMs });
  }

  /** The meter of the phase in which a request was due. */
  meterAt(dueAtMs: number): PhaseMeter {
    const entered = this.#entered.findLast(({ sinceMs }) => sinceMs <= dueAtMs) ?? this.#entered[0];
    if (entered === undefined) throw new Error('a request was due before any phase');
    return entered.meter;
  }

  wrong(route: string, status: number, expected: number): void {
    if (this.#wrong++ < wrongLimit) this.#say({ kind: 'wrong', route, status, expected });
  }

  endSecond(): void {
    const { sent, ok, errors, latency } = this.second;
    const [p50Ms = 0, p99Ms = 0, maxMs = 0] = [50, 99, 100].map((at) => latency.getValueAtPercentile(at) / 1_000);
    const longest = latency.totalCount === 0 ? {} : { maxMs };
    this.#say({ kind: 'second', second: { sent, ok, errors, p50Ms, p99Ms, ...longest } });
    this.second.sent = this.second.ok = 0;
    this.second.errors = {};
    latency.reset();
  }

  sayTally(): void {
    const now = this.#entered.at(-1)?.meter;
    if (now !== undefined && now.phase !== 'warmup') this.#say({ kind: 'tally', tally: now.tally() });
  }

  finish(): readonly PhaseLatency[] {
    return [...this.#meters.values()].map((meter) => meter.result());
  }

  #meterOf(phase: Phase): PhaseMeter {
    let meter = this.#meters.get(phase);
    if (meter === undefined) this.#meters.set(phase, (meter = new PhaseMeter(phase, this)));
    return meter;
  }
}
