/** What each fault of the etcd link does, in words, and how it is proven. A kind without an entry does not compile. */
import { milliseconds } from '../../../scenarios/duration.ts';
import type { LinkFault } from '../../../scenarios/link-faults.ts';
import type { EtcdLink } from '../../model/etcd-link.ts';
import { type Seen, type WitnessCall, look, readKey, watchKey } from './witness.ts';

type Of<K extends LinkFault['kind']> = Extract<LinkFault, { kind: K }>;

export interface LinkFaultEntry<F extends LinkFault> {
  readonly does: string;
  /** What the link has done, as a phrase that follows a number: `4 messages withheld`. */
  readonly did: string;
  /** A call of the injector's own through the link; a sentence when it was treated as the fault says. */
  witness?(fault: F, link: EtcdLink): Promise<string | undefined>;
}

/** An answer that comes at all comes within a few milliseconds: this long without one is silence. */
const silenceMs = 400;
/** Beyond the planned delay, until a late answer is no answer. Milliseconds. */
const patienceMs = 5_000;

const statusOf = { 'http-429': 429, 'http-503': 503, 'grpc-8': 429, 'grpc-14': 503 } as const;

function sees(call: WitnessCall, expected: (seen: Seen) => string | undefined, withinMs = silenceMs) {
  return async (_fault: unknown, link: EtcdLink): Promise<string | undefined> =>
    expected(await look(link, call, withinMs));
}

const isReset = ({ answer }: Seen): string | undefined => (answer === 'reset' ? 'an own call was reset' : undefined);
const isSilent = ({ answer }: Seen): string | undefined =>
  answer === 'silent' ? `an own call got no answer in ${silenceMs} ms` : undefined;
const isMute = ({ answer, body }: Seen): string | undefined =>
  answer === 200 && !body ? `an own watch got no message in ${silenceMs} ms` : undefined;

async function late({ by }: Of<'unary.delay' | 'link.delay'>, link: EtcdLink): Promise<string | undefined> {
  const { answer, afterMs } = await look(link, readKey, milliseconds(by) + patienceMs);
  if (answer === 'silent' || afterMs < milliseconds(by)) return undefined;
  return `an own call was answered after ${afterMs.toFixed(0)} ms`;
}

function answered(call: WitnessCall) {
  return async (fault: Of<'watch.answer' | 'unary.answer' | 'link.answer'>, link: EtcdLink) => {
    const { answer } = await look(link, call, patienceMs);
    return answer === statusOf[fault.with] ? `an own call was answered ${answer}` : undefined;
  };
}

const withheld = 'pieces withheld';
const later = 'pieces came later';
const slowed = 'pieces came at the rate';

export const linkFaults: { readonly [K in LinkFault['kind']]: LinkFaultEntry<Of<K>> } = {
  'watch.stall': {
    does: 'watches go silent after created, all else lives; dead swallows, hold delivers at heal',
    did: 'messages withheld',
  },
  'watch.cut': { does: 'watches are closed as by an etcd that goes away, at once or after n events', did: 'closed' },
  'watch.reset': { does: 'watches are reset, at once or after n events', did: 'reset' },
  'watch.truncate': {
    does: 'the connection ends within the bytes of an event (of an HTTP/2 frame, of a JSON line)',
    did: 'ended within an event',
  },
  'watch.delay': { does: 'what watches tell comes later by a time', did: 'messages came later' },
  'watch.throttle': { does: 'watches get at most so many bytes a second', did: slowed },
  'watch.batch': { does: 'events are kept and delivered together, once every so often', did: 'messages came so' },
  'watch.refuse': {
    does: 'new watches are refused (REFUSED_STREAM; TCP reset)',
    did: 'refused',
    witness: sees(watchKey, isReset),
  },
  'watch.answer': {
    does: 'new watches are answered 429, 503, or with gRPC code 8 or 14',
    did: 'answered',
    witness: answered(watchKey),
  },
  'watch.no-created': {
    does: 'new watches get response headers and never a message',
    did: 'left without an answer',
    witness: sees(watchKey, isMute),
  },
  'watch.idle-kill': { does: 'watches that told nothing for a time are closed', did: 'closed' },
  'watch.drop-event': { does: 'of each watch one event is silently missing', did: 'events dropped' },
  'watch.compacted': {
    does: 'each open watch is canceled in the place of its next event, as by an etcd that has compacted its history',
    did: 'canceled as compacted',
  },
  'watch.duplicate': { does: 'every message with events comes twice (etcd never does this)', did: 'messages doubled' },
  'watch.reorder': { does: 'messages come in the wrong order (etcd never does this)', did: 'messages exchanged' },
  'watch.lower-revision': {
    does: 'messages tell an older revision than etcd has (etcd never does this)',
    did: 'messages made older',
  },
  'unary.stall': { does: 'calls other than watches get no answer', did: withheld, witness: sees(readKey, isSilent) },
  'unary.delay': { does: 'answers to calls other than watches come later', did: later, witness: late },
  'unary.throttle': { does: 'answers to calls other than watches come at most so fast', did: slowed },
  'unary.refuse': {
    does: 'calls other than watches are refused (REFUSED_STREAM; TCP reset)',
    did: 'refused',
    witness: sees(readKey, isReset),
  },
  'unary.answer': {
    does: 'calls other than watches are answered 429, 503, or with gRPC code 8 or 14',
    did: 'answered',
    witness: answered(readKey),
  },
  'range.throttle': { does: 'range answers come at most so fast', did: slowed },
  'range.truncate': { does: 'range answers end after so many bytes', did: 'cut short' },
  'link.stall': {
    does: 'nothing passes on any connection, pings neither',
    did: withheld,
    witness: sees(readKey, isSilent),
  },
  'link.delay': { does: 'everything from etcd comes later', did: later, witness: late },
  'link.throttle': { does: 'every connection gets at most so many bytes a second', did: slowed },
  'link.refuse': { does: 'new connections are reset', did: 'refused', witness: sees(readKey, isReset) },
  'link.answer': {
    does: 'all new calls are answered 429, 503, or with gRPC code 8 or 14',
    did: 'answered',
    witness: answered(readKey),
  },
  'link.cut': { does: 'every connection is closed by a FIN', did: 'closed' },
  'link.reset': { does: 'every connection is closed by a TCP reset', did: 'reset' },
  'link.idle-kill': { does: 'connections over which nothing came for a time are closed', did: 'closed' },
};
