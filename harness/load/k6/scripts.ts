/** What k6 is given to run: a frame that every load has, and in it either requests to the settled routes or a user's script. */
import type { LoadOptions } from '../load-messages.ts';

/** The counter by which the frame tells that an iteration began, with the moment. */
export const startedMetric = 'gatecrash_started';
/** Without its whole answer so long after it was sent, a request has failed. Milliseconds, as with the engine that is built in. */
export const timeoutMs = 5_000;
/** Longer than any trial: the harness ends k6 when its last phase is over. */
const longest = '24h';
/** k6 takes whole numbers only: so many seconds make any rate one. */
const rateSeconds = 1_000;

/**
 * The frame, beside `requests.js`. In k6's setup, when all its virtual users are made, it waits at the gate until the first
 * phase begins. What a user's script says of how often and how long is left out: rate, connections and phases are the scenario's.
 */
export function frame({ ratePerSecond, connections }: LoadOptions, gate: URL): string {
  const arrivals = {
    executor: 'constant-arrival-rate',
    rate: Math.round(ratePerSecond * rateSeconds),
    timeUnit: `${rateSeconds}s`,
    duration: longest,
    gracefulStop: '0s',
    // One connection each, and no more of them: what is due while all wait for answers is dropped.
    preAllocatedVUs: connections,
    maxVUs: connections,
  };
  return `import { check } from 'k6';
import http from 'k6/http';
import { Counter } from 'k6/metrics';
import * as script from './requests.js';

const started = new Counter('${startedMetric}');
const { scenarios, stages, vus, duration, iterations, thresholds, ...kept } = script.options || {};

export const options = {
  ...kept,
  setupTimeout: '${longest}',
  scenarios: { load: ${JSON.stringify(arrivals)} },
};

export function setup() {
  const data = script.setup ? script.setup() : undefined;
  http.get('${gate.href}', { timeout: '${longest}' });
  return data;
}

function failed(error) {
  check(null, { 'threw nothing': () => false }, { kind: 'threw' });
  throw error;
}

export default function (data) {
  started.add(1);
  try {
    const done = script.default(data);
    return done && done.catch ? done.catch(failed) : done;
  } catch (error) {
    failed(error);
  }
}
`;
}

/** One request an iteration, to a settled route that follows from seed and number: the same in every arm. */
export function requests({ traffic, targets, seed }: LoadOptions): string {
  return `import { check } from 'k6';
import http from 'k6/http';
import exec from 'k6/execution';

const targets = ${JSON.stringify(targets)};
const settings = { timeout: '${timeoutMs}ms', redirects: 0 };

function drawn(number) {
  let mixed = Math.imul(number ^ ${seed | 0}, 0x9e3779b1);
  mixed = Math.imul(mixed ^ (mixed >>> 15), 0x85ebca6b);
  return (mixed ^ (mixed >>> 13)) >>> 0;
}

export default function () {
  const { route, path, host, seq } = targets[drawn(exec.scenario.iterationInTest) % targets.length];
  const { status, body } = http.get('${traffic}' + path, host ? { ...settings, headers: { Host: host } } : settings);
  if (status === 200 && body === '/seq/' + seq) return;
  const kind = status === 200 ? 'wrong-seq' : String(status);
  check(null, { 'the answer is right': () => false }, { kind, route, status: String(status), expected: String(seq) });
}
`;
}
