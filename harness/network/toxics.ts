/**
 * What each fault of the network is to toxiproxy. Always with a toxicity of 1: a share would be drawn anew whenever another
 * toxic comes or goes, and never from our seed.
 */
import { milliseconds } from '../../scenarios/duration.ts';
import type { NetworkFault } from '../../scenarios/network-faults.ts';

export interface WantedToxic {
  readonly type: 'latency' | 'bandwidth' | 'reset_peer' | 'timeout' | 'slow_close' | 'slicer';
  /** `downstream`: what comes back to the near side. */
  readonly stream: 'upstream' | 'downstream';
  readonly attributes: Readonly<Record<string, number>>;
}

/** None for one that is no toxic: a proxy that is down. */
export function toxicsOf(fault: NetworkFault): readonly WantedToxic[] {
  const back = (type: WantedToxic['type'], attributes: WantedToxic['attributes']): WantedToxic => ({
    type,
    stream: 'downstream',
    attributes,
  });
  switch (fault.kind) {
    case 'network.latency':
      return [back('latency', { latency: ms(fault.by), jitter: ms(fault.jitter) })];
    case 'network.bandwidth': {
      const limit = back('bandwidth', { rate: fault.kilobytesPerSecond });
      return [limit, { ...limit, stream: 'upstream' }];
    }
    case 'network.reset':
      return [back('reset_peer', { timeout: ms(fault.after) })];
    case 'network.timeout':
      return [back('timeout', { timeout: ms(fault.after) })];
    case 'network.slow-close':
      return [back('slow_close', { delay: ms(fault.by) })];
    case 'network.slice':
      // Its pause is in microseconds.
      return [back('slicer', { average_size: fault.bytes, size_variation: 0, delay: 1_000 * ms(fault.pause) })];
    case 'network.down':
      return [];
  }
}

/** Toxiproxy knows whole milliseconds only. */
function ms(duration = '0ms'): number {
  return Math.round(milliseconds(duration));
}
