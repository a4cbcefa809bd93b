/** Processor time that the gateway's processes take for a request, since the fault began. */
import { samples } from '../../model/samples.ts';
import { growth, sampled } from '../sampled.ts';
import { loadSpan } from './fault-window.ts';
import { exactly, noData, noPower, type MetricDefinition } from './metric.ts';

/** /proc counts in steps of 10 ms; of so much time that is one per cent for each of a few processes. */
const leastSeconds = 1;

/** y = ln of microseconds a request. At low rates it is mostly waking up: it compares only at equal rates. */
export const cpuPerRequest: MetricDefinition = {
  noun: 'processor time of the gateway per request',
  unit: 'µs',
  // Measured: 32 fresh deployments of one forwarder, 0.036 at 500 and 0.069 at 2000 requests a second.
  trialSd: 0.07,
  constants: { 'cpu-per-request.leastSeconds': leastSeconds },
  record: 'history.ndjson',
  measure({ history }) {
    const span = loadSpan(history);
    if (span === undefined || span.sent <= 0) return noData('no load was recorded since the fault began');
    const seconds = growth(sampled(history, samples.gatewayCpu), span);
    if (seconds === undefined || !Number.isFinite(seconds)) return noData('the processor time was not sampled');
    if (seconds < leastSeconds)
      return noPower(`${seconds.toFixed(2)} s of processor time, of ${leastSeconds} s needed`);
    const value = (seconds / span.sent) * 1e6;
    return exactly(Math.log(value), value);
  },
};
