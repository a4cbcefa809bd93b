/** What each fault of the network does, in words, and what a request of the injector's own over the hop has to see. */
import { milliseconds } from '../../../scenarios/duration.ts';
import type { NetworkFault } from '../../../scenarios/network-faults.ts';
import { type RawRequest, type Seen, isRefused, isReset, outcome } from '../raw-request.ts';

type Of<K extends NetworkFault['kind']> = Extract<NetworkFault, { kind: K }>;

export interface NetworkFaultEntry<F extends NetworkFault> {
  readonly does: string;
  /** What an own request over the hop has to see, in words. */
  readonly sees: string;
  request?(fault: F): Partial<RawRequest>;
  proves(seen: Seen, fault: F): boolean;
  /** Whether the firewall of a trial's own network does it, too. */
  readonly byFirewall?: true;
  /** What was seen, when that is more than the outcome. */
  readonly words?: (seen: Seen) => string;
}

/** Bytes that an own request is made of, so that a rate shows. Every server takes so large a head. */
const padding = 8_000;
/** What comes at all comes within a few milliseconds: this long without a byte is silence. */
const silenceMs = 400;
/** Timers of toxiproxy are a millisecond coarse. */
const coarseMs = 2;

function afterWords({ firstMs = 0 }: Seen): string {
  return `answered after ${firstMs.toFixed(0)} ms`;
}

export const networkFaults: { readonly [K in NetworkFault['kind']]: NetworkFaultEntry<Of<K>> } = {
  'network.latency': {
    does: 'what comes back comes later',
    sees: 'waits so long, less the jitter',
    proves: ({ firstMs = 0 }, { by, jitter = '0ms' }) => firstMs >= milliseconds(by) - milliseconds(jitter) - coarseMs,
    words: afterWords,
  },
  'network.bandwidth': {
    does: 'each way of a connection carries so many kilobytes a second',
    sees: `of ${padding} bytes takes as long as the rate says`,
    request: () => ({ padding }),
    proves: ({ firstMs = 0 }, { kilobytesPerSecond }) => firstMs >= padding / kilobytesPerSecond - coarseMs,
    words: (seen) => `of ${padding} bytes, ${afterWords(seen)}`,
  },
  'network.reset': {
    does: 'open connections are closed, later ones reset when the first bytes come back',
    sees: 'is reset',
    proves: (seen) => isReset(seen) && seen.status === undefined,
  },
  'network.timeout': {
    does: 'what comes back is lost, the connection closed after a time or at heal',
    sees: 'gets no byte',
    // A far side that closes would end the silence, too.
    request: () => ({ patienceMs: silenceMs, keepOpen: true }),
    proves: ({ end, pieces, endMs }, { after }) =>
      pieces === 0 && (end === 'open' || (after !== undefined && endMs >= milliseconds(after) - coarseMs)),
  },
  'network.slow-close': {
    does: 'the end of a connection is told later',
    sees: 'is answered, and its connection closed so much later',
    proves: ({ end, lastMs = Infinity, endMs }, { by }) =>
      end === 'closed' && endMs - lastMs >= milliseconds(by) - coarseMs,
    words: ({ lastMs = 0, endMs }) => `closed ${(endMs - lastMs).toFixed(0)} ms after its last byte`,
  },
  'network.slice': {
    does: 'what comes back comes in slices, with a pause after each',
    sees: 'is answered in pieces, as far apart',
    proves: ({ pieces, firstMs = 0, lastMs = 0 }, { pause }) =>
      pieces > 1 && lastMs - firstMs >= milliseconds(pause) - coarseMs,
    words: (seen) => `${outcome(seen)} in ${seen.pieces} pieces`,
  },
  'network.down': {
    does: 'connections are closed and new ones refused',
    sees: 'is refused',
    proves: isRefused,
    byFirewall: true,
  },
};
