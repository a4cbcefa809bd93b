/** A fault of the echo upstream while it holds: what it does to the door, and to each answer. */
import { milliseconds } from '../../scenarios/duration.ts';
import type { UpstreamFault } from '../../scenarios/upstream-faults.ts';
import type { Door } from './door.ts';
import { type Answer, mismeasured, refusing, resetting } from './bad-answers.ts';

/** So much more may the sum of shares lack, for what is lost in adding them. */
const rounding = 1e-9;

export class Held {
  readonly fault: UpstreamFault;
  readonly #door: Door;
  /** Answers, or closings of the door, to which it did what it is there for. */
  units = 0;
  /** Of the share: what has not yet been made a whole request. */
  #owed = 0;
  #flapping: NodeJS.Timeout | undefined;
  #ended = false;

  constructor(fault: UpstreamFault, door: Door) {
    this.fault = fault;
    this.#door = door;
  }

  async begin(): Promise<void> {
    if (this.fault.kind === 'upstream.refuse') await this.#shut();
    else if (this.fault.kind === 'upstream.flap') await this.#flap(this.fault.down, this.fault.up);
  }

  async end(): Promise<void> {
    this.#ended = true;
    clearTimeout(this.#flapping);
    await this.#door.release(this);
  }

  /** How much later the answer to the request at hand comes. */
  delayMs(): number {
    if (this.fault.kind !== 'upstream.slow') return 0;
    this.units++;
    return milliseconds(this.fault.by);
  }

  /** What the request at hand gets in the place of its answer, if anything. */
  instead(): Answer | undefined {
    switch (this.fault.kind) {
      case 'upstream.reset':
        this.units++;
        return resetting(this.fault.afterBytes);
      case 'upstream.wrong-length':
        this.units++;
        return mismeasured(this.fault.by);
      case 'upstream.error':
        return this.#isDue(this.fault.share) ? refusing(this.fault.status) : undefined;
      case 'upstream.slow':
      case 'upstream.refuse':
      case 'upstream.flap':
      case 'upstream.dns':
        return undefined;
    }
  }

  /** What the question at hand for the upstream's name is answered, when it is not the truth. */
  told(): 'nowhere' | '127.0.0.2' | undefined {
    if (this.fault.kind !== 'upstream.dns') return undefined;
    this.units++;
    return this.fault.leads === 'nowhere' ? 'nowhere' : '127.0.0.2';
  }

  /** Spread evenly: of ten requests with a share of 0.3 it is always three. */
  #isDue(share: number): boolean {
    this.#owed += share;
    if (this.#owed < 1 - rounding) return false;
    this.#owed -= 1;
    this.units++;
    return true;
  }

  async #flap(down: string, up: string): Promise<void> {
    await this.#shut();
    if (this.#ended) return;
    this.#flapping = setTimeout(() => {
      // An address that was lost meanwhile is tried again at the next turn, and at heal, which tells.
      this.#door.release(this).catch(() => undefined);
      this.#flapping = setTimeout(() => void this.#flap(down, up), milliseconds(up));
    }, milliseconds(down));
  }

  async #shut(): Promise<void> {
    this.units++;
    await this.#door.shut(this);
  }
}
