/**
 * From k6's samples to the meters that every load engine has. Samples of one virtual user come in their order: an iteration
 * begins, its requests end, checks of their answers fail, the iteration is over.
 */
import type { PhaseMeters } from '../phase-meters.ts';
import { type Sample, sampleOf } from './sample.ts';
import { startedMetric, timeoutMs } from './scripts.ts';

/** k6's codes of what went wrong below HTTP (https://grafana.com/docs/k6/latest/javascript-api/error-codes). */
const timeouts = new Set(['1050', '1211']);
const refused = '1212';

interface Request {
  readonly dueMs: number;
  readonly lateMs: number;
  readonly endMs: number;
  readonly error: string | undefined;
}

interface Iteration {
  readonly dueMs: number;
  readonly lateMs: number;
  readonly requests: Request[];
}

export class Readings {
  readonly #meters: PhaseMeters;
  readonly #intervalMs: number;
  readonly #open = new Map<string, Iteration>();
  readonly #text = new TextDecoder();
  /** Half a line, until the rest of it comes. */
  #rest = '';
  /** Iterations that were due so far: begun or dropped. */
  #due = 0;
  #begun = 0;
  /** Where the schedule lies: the moment of the least late iteration, counted back to the first. */
  #scheduleMs = Number.POSITIVE_INFINITY;
  /** Nothing counts that is due from then on. */
  #endMs = Number.POSITIVE_INFINITY;
  #latestMs = 0;

  constructor(ratePerSecond: number, meters: PhaseMeters) {
    this.#intervalMs = 1_000 / ratePerSecond;
    this.#meters = meters;
  }

  /** Iterations that were begun, also after the end. */
  get begun(): number {
    return this.#begun;
  }

  read(chunk: Buffer): void {
    const lines = (this.#rest + this.#text.decode(chunk, { stream: true })).split('\n');
    this.#rest = lines.pop() ?? '';
    for (const line of lines) {
      const sample = sampleOf(line);
      if (sample !== undefined) this.#take(sample);
    }
  }

  /** What is due from now on belongs to no phase. */
  end(nowMs: number): void {
    this.#endMs = nowMs;
  }

  /** Whether all that was due before the end has been told of; k6 tells five times a second, so a little later than the end. */
  get over(): boolean {
    return this.#latestMs > this.#endMs + 50 && this.#outstanding().length === 0;
  }

  /** What is still without its answer will not come in time. */
  giveUp(): void {
    for (const [user, iteration] of this.#outstanding()) {
      const { dueMs, lateMs, requests } = iteration;
      if (requests.length === 0) requests.push({ dueMs, lateMs, endMs: dueMs + timeoutMs, error: 'timeout' });
      this.#finish(user, iteration);
    }
  }

  #outstanding(): readonly (readonly [string, Iteration])[] {
    return [...this.#open].filter(([, { dueMs }]) => dueMs < this.#endMs);
  }

  #take(sample: Sample): void {
    const { metric, atMs, value, user = '' } = sample;
    this.#latestMs = Math.max(this.#latestMs, atMs);
    const iteration = this.#open.get(user);
    switch (metric) {
      case startedMetric:
        this.#begin(user, atMs);
        break;
      case 'dropped_iterations':
        this.#due += value;
        if (atMs < this.#endMs) this.#meters.meterAt(atMs).dropped(value);
        break;
      case 'http_req_duration':
        if (iteration !== undefined) this.#request(iteration, sample);
        break;
      case 'http_req_blocked':
        if (iteration !== undefined) this.#blocked(iteration, value);
        break;
      case 'checks':
        if (iteration !== undefined && value === 0) this.#checkFailed(iteration, sample);
        break;
      case 'iteration_duration':
        if (iteration !== undefined) this.#finish(user, iteration);
    }
  }

  /** k6 tells no lateness, but it holds a schedule: how much later than the most punctual iteration this one began. */
  #begin(user: string, atMs: number): void {
    const slotMs = this.#due * this.#intervalMs;
    this.#scheduleMs = Math.min(this.#scheduleMs, atMs - slotMs);
    this.#due++;
    this.#begun++;
    const dueMs = this.#scheduleMs + slotMs;
    this.#open.set(user, { dueMs, lateMs: atMs - dueMs, requests: [] });
  }

  /** The first of an iteration counts from when that was due; further ones of a script from when they were sent. */
  #request({ dueMs, lateMs, requests }: Iteration, { atMs, value, tags }: Sample): void {
    const first = requests.length === 0;
    const sent = first ? { dueMs, lateMs } : { dueMs: atMs - value, lateMs: 0 };
    requests.push({ ...sent, endMs: atMs, error: errorOf(tags) });
  }

  /** It waited for its connection before it was sent. */
  #blocked({ requests }: Iteration, waitedMs: number): void {
    const last = requests.at(-1);
    if (last !== undefined && requests.length > 1)
      requests[requests.length - 1] = { ...last, dueMs: last.dueMs - waitedMs };
  }

  /** A check speaks of the request before it. One that names a route is ours, of an answer with another sequence number. */
  #checkFailed({ requests }: Iteration, { tags }: Sample): void {
    const last = requests.at(-1);
    if (last === undefined) return;
    requests[requests.length - 1] = { ...last, error: last.error ?? tags['kind'] ?? 'check' };
    const [route, status, expected] = [tags['route'], Number(tags['status']), Number(tags['expected'])];
    // A route that is not there, that is blocked, or that answers as another one has lost its configuration; a 5xx may just be
    // overload.
    if (route !== undefined && [200, 403, 404].includes(status) && last.dueMs < this.#endMs)
      this.#meters.wrong(route, status, expected);
  }

  #finish(user: string, { requests }: Iteration): void {
    for (const request of requests) this.#settle(request);
    this.#open.delete(user);
  }

  #settle({ dueMs, lateMs, endMs, error }: Request): void {
    if (dueMs >= this.#endMs) return;
    const meter = this.#meters.meterAt(dueMs);
    meter.sent(lateMs);
    meter.answered(endMs - dueMs, error);
  }
}

/** `expected_response` is k6's own word on a status; below HTTP the status is 0. */
function errorOf(tags: Sample['tags']): string | undefined {
  const { status = '0', error_code: code = '', expected_response: expected } = tags;
  if (status !== '0') return expected === 'false' ? status : undefined;
  if (timeouts.has(code)) return 'timeout';
  return code === refused ? 'refused' : 'reset';
}
