/** How each fault of the link is done, to a call or to a connection. A kind without a way does not compile. */
import { milliseconds } from '../../scenarios/duration.ts';
import type { LinkFault } from '../../scenarios/link-faults.ts';
import type { Unit } from './pipeline.ts';
import { endAfterBytes, endAfterEvents, endWhenIdle, tearAfterEvents } from './stages/endings.ts';
import { cancelCompacted, dropEvent, duplicate, lowerRevision, reorder } from './stages/events.ts';
import { type StallOptions, stall } from './stages/stall.ts';
import { batch, delay, throttle } from './stages/timing.ts';
import type { Strike } from './strike.ts';
import type { Ending, Target } from './target.ts';
import type { WatchFormat } from './watch/format.ts';

export type LinkFaultKind = LinkFault['kind'];
type Of<K extends LinkFaultKind> = Extract<LinkFault, { kind: K }>;

interface Way<F extends LinkFault> {
  /** Whether it is done to what is open when it begins, to what comes while it holds, or to both. */
  to(fault: F): 'open' | 'new' | 'all';
  act(fault: F, target: Target, strike: Strike): void;
}

const all = (): 'all' => 'all';
const open = (): 'open' => 'open';
const onlyNew = (): 'new' => 'new';

/** What of a watch has to pass, or the client takes another way and nothing is lost. */
const headAndCreated = ({ part, created }: Unit): boolean => part === 'head' || created;
const nothing = (): boolean => false;

/** What a connection holds before its peer has to wait, as the buffers of the kernel would. Bytes. */
const connectionHolds = 262_144;

const stalled = (options: Omit<StallOptions, 'mode'>): Way<Of<'watch.stall' | 'unary.stall' | 'link.stall'>> => ({
  to: all,
  act: ({ mode }, target, strike) =>
    target.add(strike, (emit) => stall({ mode, ...options }, strike, emit), { bothWays: true }),
});

const delayed: Way<Of<'watch.delay' | 'unary.delay' | 'link.delay'>> = {
  to: all,
  act: ({ by }, target, strike) => target.add(strike, (emit) => delay(milliseconds(by), strike, emit)),
};

const throttled: Way<Of<'watch.throttle' | 'unary.throttle' | 'range.throttle' | 'link.throttle'>> = {
  to: all,
  act: ({ bytesPerSecond }, target, strike) =>
    target.add(strike, (emit) => throttle(bytesPerSecond, strike, emit), { last: true }),
};

const ended = (ending: Ending): Way<Of<'watch.cut' | 'watch.reset'>> => ({
  to: ({ afterEvents }) => (afterEvents === undefined ? 'open' : 'all'),
  act: ({ afterEvents: after }, target, strike) => {
    if (after === undefined) finishNow(ending, target, strike);
    else target.add(strike, (emit) => endAfterEvents(after, ending, target, strike, emit));
  },
});

const closed = (ending: Ending): Way<LinkFault> => ({
  to: open,
  act: (_fault, target, strike) => finishNow(ending, target, strike),
});

function finishNow(ending: Ending, target: Target, strike: Strike): void {
  strike.did(1, 0);
  target.finish(ending);
}

const refused: Way<LinkFault> = {
  to: onlyNew,
  act: (_fault, target, strike) => {
    strike.did(1, 0);
    target.refuse('refused');
  },
};

const answered: Way<Of<'watch.answer' | 'unary.answer' | 'link.answer'>> = {
  to: onlyNew,
  act: (fault, target, strike) => {
    strike.did(1, 0);
    target.refuse(fault.with);
  },
};

const idleKilled: Way<Of<'watch.idle-kill' | 'link.idle-kill'>> = {
  to: all,
  act: ({ after }, target, strike) =>
    target.add(strike, (emit) => endWhenIdle(milliseconds(after), target, strike, emit)),
};

/** A stage that has to know messages; what has none is left alone. */
function withFormat(
  target: Target,
  strike: Strike,
  make: (format: WatchFormat, emit: (unit: Unit) => void) => ReturnType<typeof stall>,
): void {
  const { format } = target;
  if (format !== undefined) target.add(strike, (emit) => make(format, emit));
}

const ways: { readonly [K in LinkFaultKind]: Way<Of<K>> } = {
  'watch.stall': stalled({ passes: headAndCreated }),
  'unary.stall': stalled({ passes: nothing }),
  'link.stall': stalled({ passes: nothing, fullAt: connectionHolds }),
  'watch.delay': delayed,
  'unary.delay': delayed,
  'link.delay': delayed,
  'watch.throttle': throttled,
  'unary.throttle': throttled,
  'range.throttle': throttled,
  'link.throttle': throttled,
  'watch.cut': ended('cut'),
  'watch.reset': ended('reset'),
  'watch.truncate': {
    to: all,
    act: ({ afterEvents = 0 }, target, strike) =>
      target.add(strike, (emit) => tearAfterEvents(afterEvents, target, strike, emit)),
  },
  'link.cut': closed('cut'),
  'link.reset': closed('reset'),
  'range.truncate': {
    to: all,
    act: ({ afterBytes }, target, strike) =>
      target.add(strike, (emit) => endAfterBytes(afterBytes, target, strike, emit)),
  },
  'watch.batch': {
    to: all,
    act: ({ every }, target, strike) => target.add(strike, (emit) => batch(milliseconds(every), strike, emit)),
  },
  'watch.refuse': refused,
  'unary.refuse': refused,
  'link.refuse': refused,
  'watch.answer': answered,
  'unary.answer': answered,
  'link.answer': answered,
  'watch.no-created': {
    to: onlyNew,
    act: (_fault, target, strike) => {
      strike.did(1, 0);
      target.pretend();
    },
  },
  'watch.idle-kill': idleKilled,
  'link.idle-kill': idleKilled,
  'watch.drop-event': {
    to: all,
    act: (_fault, target, strike) => withFormat(target, strike, (format, emit) => dropEvent(format, strike, emit)),
  },
  'watch.compacted': {
    to: open,
    act: (_fault, target, strike) =>
      withFormat(target, strike, (format, emit) => cancelCompacted(format, strike, emit)),
  },
  'watch.duplicate': {
    to: all,
    act: (_fault, target, strike) => target.add(strike, (emit) => duplicate(strike, emit)),
  },
  'watch.reorder': {
    to: all,
    act: (_fault, target, strike) => target.add(strike, (emit) => reorder(strike, emit)),
  },
  'watch.lower-revision': {
    to: all,
    act: ({ by }, target, strike) =>
      withFormat(target, strike, (format, emit) => lowerRevision(by, format, strike, emit)),
  },
};

/** The way of a fault: by the mapped type it is filed under its own kind. */
export function wayOf(fault: LinkFault): Way<LinkFault> {
  return ways[fault.kind];
}

export function isLinkFaultKind(kind: unknown): kind is LinkFaultKind {
  return typeof kind === 'string' && kind in ways;
}
