/** The lines of k6's JSON output (`--out json`): one sample each, of the metrics that the engine reads. */
import { startedMetric } from './scripts.ts';

export interface Sample {
  readonly metric: string;
  /** Milliseconds since the epoch, with k6's own precision of a microsecond and finer. */
  readonly atMs: number;
  readonly value: number;
  readonly tags: Readonly<Record<string, string>>;
  /** The virtual user that it is of; undefined when it is of none. */
  readonly user: string | undefined;
}

interface Line {
  readonly type: string;
  readonly data: {
    readonly time: string;
    readonly value: number;
    readonly tags?: Readonly<Record<string, string>> | null;
    readonly metadata?: Readonly<Record<string, string>>;
  };
}

/** Of a dozen lines for each request these are read; all others cost a look at their beginning. */
const read = new Set([
  startedMetric,
  'http_req_duration',
  'http_req_blocked',
  'checks',
  'iteration_duration',
  'dropped_iterations',
]);

/** Undefined for a line that is no sample, or of a metric that nobody reads. */
export function sampleOf(line: string): Sample | undefined {
  const metric = /"metric":"([^"]+)"/.exec(line)?.[1] ?? '';
  if (!read.has(metric)) return undefined;
  const { type, data } = JSON.parse(line) as Line;
  if (type !== 'Point') return undefined;
  const { time, value, tags, metadata } = data;
  return { metric, atMs: epochMs(time), value, tags: tags ?? {}, user: metadata?.['vu'] ?? tags?.['vu'] };
}

/** RFC 3339 with up to nine digits of a second; `Date` keeps three of them. */
function epochMs(time: string): number {
  const [, before = '', fraction = '', zone = ''] = /^([^.Z+]+?)(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(time) ?? [];
  return Date.parse(`${before}${zone}`) + Number(`0${fraction}`) * 1_000;
}
