/** What is made of k6's samples: to which phase a request counts, from when it is timed, what it is counted as. */
import { decodeFromCompressedBase64 } from 'hdr-histogram-js';
import { beforeEach, describe, expect, it } from 'vitest';
import { Readings } from '../../../harness/load/k6/readings.ts';
import { sampleOf } from '../../../harness/load/k6/sample.ts';
import type { Measured } from '../../../harness/load/load-messages.ts';
import { PhaseMeters } from '../../../harness/load/phase-meters.ts';
import type { PhaseLatency } from '../../../harness/model/evidence.ts';
import type { Phase } from '../../../harness/model/history.ts';
import { line } from '../../support/k6-stand-in/line.ts';

describe('a line of k6', () => {
  it('is a sample with its moment to the microsecond, its tags and its virtual user', () => {
    const text =
      '{"metric":"http_req_duration","type":"Point","data":{"time":"2026-11-27T18:30:01.123456789+01:00","value":0.84,' +
      '"tags":{"expected_response":"true","status":"200"},"metadata":{"vu":"3"}}}';
    const sample = sampleOf(text);
    expect(sample).toMatchObject({ metric: 'http_req_duration', value: 0.84, tags: { status: '200' }, user: '3' });
    expect(sample?.atMs).toBeCloseTo(Date.parse('2026-11-27T17:30:01.123Z') + 0.456_789, 2);
  });

  it.each([
    ['a second without a fraction', '2026-11-27T18:30:01Z', '2026-11-27T18:30:01.000Z'],
    ['a zone behind UTC', '2026-11-27T18:30:01.5-05:00', '2026-11-27T23:30:01.500Z'],
  ])('%s', (_, time, utc) => {
    const sample = sampleOf(`{"metric":"checks","type":"Point","data":{"time":"${time}","value":1,"tags":null}}`);
    expect(sample?.atMs).toBe(Date.parse(utc));
  });

  it.each([
    ['a metric that is told for the first time', '{"type":"Metric","data":{"name":"checks"},"metric":"checks"}'],
    ['a metric that nobody reads', line('data_sent', 0, 80)],
    ['a word of its own', '     scenarios: (100.00%) 1 scenario, 8 max VUs'],
    ['nothing', ''],
  ])('is none when it is %s', (_, text) => expect(sampleOf(text)).toBeUndefined());
});

/** A hundred a second, from this moment on. */
const [ratePerSecond, start] = [100, Date.parse('2026-11-27T18:00:00Z')];
const good = { status: '200', expected_response: 'true' };

describe('requests', () => {
  let said: Measured[] = [];
  let readings: Readings;
  let meters: PhaseMeters;
  beforeEach(() => {
    said = [];
    meters = new PhaseMeters((message) => said.push(message));
    readings = new Readings(ratePerSecond, meters);
    meters.enter('baseline', start);
  });
  const read = (...lines: readonly string[]): void => readings.read(Buffer.from(lines.join('')));
  const phase = (name: Phase): PhaseLatency | undefined => meters.finish().find((each) => each.phase === name);
  const began = (vu: number, atMs: number): string => line('gatecrash_started', atMs, 1, {}, vu);
  const sent = (vu: number, endMs: number, tags: Readonly<Record<string, string>> = good, ms = 2): string =>
    line('http_reqs', endMs, 1, tags, vu) +
    line('http_req_duration', endMs, ms, tags, vu) +
    line('http_req_blocked', endMs, 1, tags, vu);
  const over = (vu: number, atMs: number): string => line('iteration_duration', atMs, 3, {}, vu);
  const whole = (vu: number, atMs: number, tags = good): string => began(vu, atMs) + sent(vu, atMs + 4, tags) + over(vu, atMs + 4); // prettier-ignore
  const quantile = (latency: PhaseLatency | undefined, at: number): number =>
    decodeFromCompressedBase64(latency?.histogram ?? '', 32, false).getValueAtPercentile(at) / 1_000;

  it('count from when their iteration was due: what k6 is late with is charged', () => {
    read(whole(1, start), whole(2, start + 10), whole(1, start + 20 + 30), whole(2, start + 30 + 20));
    const baseline = phase('baseline');
    expect(baseline).toMatchObject({ planned: 4, sent: 4, ok: 4, errors: {} });
    expect(quantile(baseline, 25)).toBeCloseTo(4, 1);
    expect(quantile(baseline, 100)).toBeCloseTo(34, 1);
    expect(baseline?.sendLatenessP99Ms).toBeCloseTo(30, 1);
  });

  it('count to the phase in which they were due, wherever they end', () => {
    meters.enter('fault', start + 15);
    read(began(1, start + 10), began(2, start + 20), sent(2, start + 22), over(2, start + 22), sent(1, start + 200));
    read(over(1, start + 200));
    expect([phase('baseline')?.sent, phase('fault')?.sent]).toEqual([1, 1]);
    expect(quantile(phase('baseline'), 100)).toBeCloseTo(190, 0);
  });

  it.each([
    ['a timeout', { status: '0', error_code: '1050' }, 'timeout'],
    ['a dial that times out', { status: '0', error_code: '1211' }, 'timeout'],
    ['a refused connection', { status: '0', error_code: '1212' }, 'refused'],
    ['a reset', { status: '0', error_code: '1220' }, 'reset'],
    ['a status', { status: '503', error_code: '1503', expected_response: 'false' }, '503'],
  ])('%s is an error of its kind', (_, tags, kind) => {
    read(began(1, start), sent(1, start + 3, { expected_response: 'false', ...tags }), over(1, start + 3));
    expect(phase('baseline')).toMatchObject({ sent: 1, ok: 0, errors: { [kind]: 1 } });
  });

  it('a failed check of the user speaks of the request before it, and only of that', () => {
    const check = line('checks', start + 5, 0, {}, 1);
    read(began(1, start), sent(1, start + 2), sent(1, start + 4), check, check, over(1, start + 6));
    expect(phase('baseline')).toMatchObject({ sent: 2, ok: 1, errors: { check: 1 } });
  });

  it('a wrong sequence number is a wrong answer of its route', () => {
    const tags = { kind: 'wrong-seq', route: 'settled-1', status: '200', expected: '7' };
    read(began(1, start), sent(1, start + 2), line('checks', start + 2, 0, tags, 1), over(1, start + 2));
    expect(phase('baseline')).toMatchObject({ ok: 0, errors: { 'wrong-seq': 1 } });
    expect(said).toContainEqual({ kind: 'wrong', route: 'settled-1', status: 200, expected: 7 });
  });

  it('what is dropped was planned and never sent', () => {
    read(whole(1, start), line('dropped_iterations', start + 10, 1), line('dropped_iterations', start + 20, 1));
    expect(phase('baseline')).toMatchObject({ planned: 3, sent: 1, ok: 1 });
    // The schedule went on meanwhile: the next one is on time.
    read(whole(1, start + 30));
    expect(phase('baseline')?.sendLatenessP99Ms).toBeLessThan(0.1);
  });

  it('of the script’s own setup, before any iteration, are none of the load', () => {
    read(sent(0, start + 1), whole(1, start + 2));
    expect(phase('baseline')?.sent).toBe(1);
  });

  it('a line may come in pieces, and in the middle of a letter', () => {
    const bytes = Buffer.from(whole(1, start, { ...good, name: 'é' } as typeof good));
    for (const byte of bytes) readings.read(Buffer.from([byte]));
    expect(phase('baseline')).toMatchObject({ sent: 1, ok: 1 });
  });

  it('are over when all that was due before the end has been told of; the rest has timed out', () => {
    read(began(1, start), began(2, start + 10));
    readings.end(start + 15);
    read(sent(2, start + 12), over(2, start + 12));
    expect(readings.over).toBe(false);
    read(whole(3, start + 100));
    expect(readings.over).toBe(false);
    readings.giveUp();
    expect(readings.over).toBe(true);
    expect(phase('baseline')).toMatchObject({ planned: 2, sent: 2, ok: 1, errors: { timeout: 1 } });
  });
});
