import type { ConformanceRequest, StoredValue } from '../conformance.ts';

/** Whose routes the single requests meet: the table of a scenario names no host. */
export const host = 'conformance.test';

/** A request whose answer tells what reached the upstream. */
export function echoed(name: string, line: string, ...headers: readonly string[]): ConformanceRequest {
  return { name, head: [`${line} HTTP/1.1`, 'X-Case: echo', ...headers] };
}

/** A request to the Admin API, while the fault is there. */
export function asked(name: string, line: string, body?: object): ConformanceRequest {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  return { name, head: [`${line} HTTP/1.1`], ...sent, to: 'admin', when: 'during' };
}

/** A route of that host to the echo upstream. */
export function route(uri: string, more: Readonly<Record<string, unknown>> = {}): StoredValue {
  return { host, uri, upstream: { type: 'roundrobin', nodes: { '{upstream}': 1 } }, ...more };
}

/** As light as a trial can be: what it asks are single requests. */
export const lightTrial = {
  arms: 'side-by-side',
  gateway: { workers: 2, watchTimeout: '10s' },
  table: { settled: 20, ballast: 0 },
  load: { ratePerSecond: 50, connections: 8 },
  writes: { ratePerSecond: 5, mix: { create: 0.4, update: 0.4, delete: 0.2 } },
  phases: { warmup: '500ms', baseline: '500ms', fault: '500ms', settle: '1s' },
  timeline: [],
  convergeWithin: '6s',
} as const;
