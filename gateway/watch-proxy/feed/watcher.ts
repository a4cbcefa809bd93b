/** One watch of one client. */
import { type Form, type SharedResponse, formOf } from '../downstream/shared-response.ts';
import type { SharedData } from '../http2/shared-data.ts';
import { type Selection, nameOf } from './selection.ts';

/** Where the responses of a client's stream go. */
export interface Outlet {
  readonly protocol: Form['protocol'];
  /** Whether the client has taken so little that nothing more is to be written for now. */
  readonly full: boolean;
  /** Writes it, unless the outlet is full. Whether it did. */
  offer(data: SharedData): boolean;
  /** Writes it, full or not. */
  write(data: SharedData): void;
}

/**
 * `live`: gets what comes. `behind`: reads the ring as fast as its client takes it, or waits for a revision that is yet
 * to come. `history`: what it wants is older than the ring, and is read from etcd. `ended`: gets nothing any more.
 */
export type WatcherState = 'live' | 'behind' | 'history' | 'ended';

export interface WatcherOptions {
  readonly id: bigint;
  readonly selection: Selection;
  readonly progressNotify: boolean;
  /** The first revision that it gets. */
  readonly from: bigint;
  readonly outlet: Outlet;
  /** Called when the proxy ends the watch of its own accord, after the client has been told. */
  readonly onEnd: () => void;
}

export class Watcher {
  readonly id: bigint;
  readonly selection: Selection;
  /** The name of its selection. */
  readonly asks: string;
  readonly progressNotify: boolean;
  readonly outlet: Outlet;
  /** How it gets its responses. */
  readonly form: Form;
  readonly onEnd: () => void;
  state: WatcherState = 'behind';
  /** Everything before this revision has been written. Not kept up while live: then it is the feed's. */
  next: bigint;
  /** When its client stopped taking, in milliseconds of `performance.now()`; undefined while it takes. */
  fullSince: number | undefined;
  /** Whether something was written since progress was last told. */
  wroteSince: boolean = false;

  constructor({ id, selection, progressNotify, from, outlet, onEnd }: WatcherOptions) {
    this.id = id;
    this.selection = selection;
    this.asks = nameOf(selection);
    this.progressNotify = progressNotify;
    this.next = from;
    this.outlet = outlet;
    this.form = formOf(outlet.protocol, id);
    this.onEnd = onEnd;
  }

  write(response: SharedResponse): void {
    this.wroteSince = true;
    this.outlet.write(response.encoded(this.form));
  }

  /** Writes what is in its form, unless the client has taken too little. Whether it did. */
  offer(data: SharedData): boolean {
    if (!this.outlet.offer(data)) return false;
    this.wroteSince = true;
    return true;
  }
}
