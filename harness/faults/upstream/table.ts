/** What each fault of the echo upstream does, in words, and how it is proven. A kind without an entry does not compile. */
import { milliseconds } from '../../../scenarios/duration.ts';
import type { UpstreamFault } from '../../../scenarios/upstream-faults.ts';
import { type Seen, isRefused, isReset } from '../raw-request.ts';

/** Those that a request shows; what the DNS tells is asked otherwise. */
export type AnswerFault = Exclude<UpstreamFault, { kind: 'upstream.dns' }>;

type Of<K extends AnswerFault['kind']> = Extract<AnswerFault, { kind: K }>;

export interface UpstreamFaultEntry<F extends AnswerFault> {
  readonly does: string;
  /** What the upstream has done, as a phrase that follows a number: `4 answers came later`. */
  readonly did: string;
  /** What requests of the injector's own have to see, in words. */
  readonly sees: string;
  /** Whether they do: the last one, and those before it. */
  proves(seen: Seen, fault: F, before: readonly Seen[]): boolean;
  /** What the last one was, when that is more than its outcome. */
  readonly words?: (seen: Seen) => string;
}

export const upstreamFaults: { readonly [K in AnswerFault['kind']]: UpstreamFaultEntry<Of<K>> } = {
  'upstream.slow': {
    does: 'every answer of the upstream comes later',
    did: 'answers came later',
    sees: 'waits so long',
    proves: ({ status, firstMs = 0 }, { by }) => status === 200 && firstMs >= milliseconds(by),
    words: ({ firstMs = 0 }) => `answered after ${firstMs.toFixed(0)} ms`,
  },
  'upstream.refuse': {
    does: 'the upstream closes its connections and refuses new ones',
    did: 'time its door was closed',
    sees: 'is refused',
    proves: isRefused,
  },
  'upstream.flap': {
    does: 'the upstream refuses and serves by turns',
    did: 'times its door was closed',
    sees: 'is refused, and another answered',
    proves: (seen, _fault, before) => {
      const all = [seen, ...before];
      return all.some(isRefused) && all.some(({ status }) => status === 200);
    },
    words: () => 'refused, and another answered',
  },
  'upstream.reset': {
    does: 'connections are reset in the place of an answer, or after n bytes of it',
    did: 'answers ended so',
    sees: 'is reset with no more than that',
    proves: (seen, { afterBytes }) =>
      isReset(seen) && (afterBytes === undefined ? seen.status === undefined : seen.body.length <= afterBytes),
    words: ({ end, body }) => `${end} with ${body.length} bytes of a body`,
  },
  'upstream.error': {
    does: 'a share of the requests is answered with a 5xx status',
    did: 'answers were such',
    sees: 'gets that status',
    proves: ({ status }, fault) => status === fault.status,
  },
  'upstream.wrong-length': {
    does: 'Content-Length promises more than comes, or less',
    did: 'answers were such',
    sees: 'is promised a wrong length',
    proves: ({ promised, body }) => promised !== undefined && promised !== body.length,
    words: ({ promised, body }) => `answered with ${body.length} bytes where ${promised} were promised`,
  },
};
