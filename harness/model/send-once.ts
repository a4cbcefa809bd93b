/**
 * etcd3 without its own fault handling. By default it sends a failed request three times more, and then sends nothing
 * at all for five seconds: a write of unknown outcome would be sent again, and those after it would never leave.
 */
import type { IOptions } from 'etcd3';

type FaultHandling = Required<Pick<NonNullable<IOptions['faultHandling']>, 'global' | 'host'>>;

const silent = (): { dispose(): void } => ({ dispose: () => undefined });
const neverAborted = new AbortController().signal;

const once: FaultHandling['global'] = {
  // A property that exists for the type alone.
  _altReturn: undefined as never,
  onSuccess: silent,
  onFailure: silent,
  execute: async (request, signal = neverAborted) => request({ signal }),
};

export const sendOnce: FaultHandling = { global: once, host: () => once };
