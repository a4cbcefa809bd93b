/** The pages of `gatecrash serve`, over HTTP, from run folders and a history on disk. */
import { symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { refusal } from '../../../harness/commands/serve/access.ts';
import { createServer } from '../../../harness/commands/serve/server.ts';
import { openHistory } from '../../../harness/store/history/open-history.ts';
import { writeRun } from '../../../harness/store/history/write-run.ts';
import { writeAlarm } from '../../../harness/store/history/alarms.ts';
import { routeFlood } from '../../../scenarios/routes/route-flood.ts';
import { evidence } from '../../support/evidence.ts';
import { point, record, scratch } from '../../support/history.ts';
import { writeRunFolder } from '../../support/run-folder.ts';
import { gatecrash } from '../../support/cli.ts';
import { livingRun } from '../../support/living-run.ts';

const place = scratch();
const runs = path.join(place.folder, 'runs');
const history = path.join(runs, 'history.db');
const hostile = `</pre><script>alert(1)</script><img src=x onerror=alert(1)>"'`;
const server = createServer({ runs, history, token: undefined });
const origin = { url: '' };

beforeAll(async () => {
  const folder = path.join(runs, 'ended');
  writeRunFolder(folder, evidence([routeFlood], 3));
  writeFileSync(path.join(folder, 'report.html'), '<!doctype html><title>report</title>');
  writeFileSync(path.join(place.folder, 'secret'), 'secret');
  symlinkSync(path.join(place.folder, 'secret'), path.join(folder, 'link'));
  const database = openHistory(history);
  for (let night = 1; night <= 12; night++)
    writeRun(database, record(night, { folder, because: hostile, points: [point(night > 8 ? 0.5 : 0)] }), 'now');
  writeRun(database, record(13, { pair: hostile, decision: 'regression' }), 'now');
  const series = { pair: 'next', scenario: 'none', metric: 'latency-p99' };
  writeAlarm(database, {
    ...series,
    drift: 'version',
    state: 'confirmed',
    run: 12,
    since: 9,
    evidence: 999,
    threshold: 730,
    shift: 0.5,
  });
  database.close();
  origin.url = await server.listen({ host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close();
  place[Symbol.dispose]();
});

async function get(
  address: string,
): Promise<{ readonly status: number; readonly text: string; readonly headers: Headers }> {
  const response = await fetch(`${origin.url}${address}`);
  return { status: response.status, text: await response.text(), headers: response.headers };
}

describe('every page', () => {
  it.each(['/', '/history', '/trends', '/runs/12', '/runs/13', '/compare?a=12&b=13', '/nowhere'])(
    '%s forbids what is not its own, and lets no text of the evidence become markup',
    async (address) => {
      const { text, headers } = await get(address);
      expect(text).not.toContain('<script>alert');
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'$/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(text.match(/<script/g) ?? []).toHaveLength(address === '/' ? 1 : 0);
    },
  );

  it('shows the runs, one of them, two beside each other, and what drifts', async () => {
    expect((await get('/history')).text).toContain('href="/runs/13"');
    expect((await get('/runs/night-12')).text).toMatch(/Run 12.*SAFE/s);
    expect((await get('/runs/99')).status).toBe(404);
    const { text } = await get('/compare?a=12&b=13');
    expect(text).toContain('Runs 12 and 13');
    expect((await get('/compare?a=12')).status).toBe(404);
    for (const address of ['/', '/history'])
      expect((await get(address)).text).toMatch(
        /TREND ALARM<\/strong>\s+over the nights: <a href="\/trends">latency-p99 of none \(next\)</,
      );
    expect((await get('/trends')).text).toMatch(/latency-p99 of none \(next\): 12 nights.*alarm 1 \(confirmed\)/s);
  });

  it('hands out the report and the evidence of a run, and nothing else', async () => {
    const report = await get('/runs/12/report/');
    expect([report.status, report.text]).toEqual([200, expect.stringContaining('<title>report</title>')]);
    expect(report.headers.get('content-security-policy')).not.toContain('script-src');
    const line = await get('/runs/12/report/trials/route-flood-1-canary/trial.json');
    expect([line.status, line.headers.get('content-type')]).toEqual([200, 'text/plain; charset=utf-8']);
    for (const name of ['link', '..%2f..%2fsecret', '%2e%2e/%2e%2e/secret', 'trials', 'nothing'])
      expect((await get(`/runs/12/report/${name}`)).status).toBe(404);
  });
});

it('the history is walked from its newest run to its oldest, a page at a time', async () => {
  using own = scratch();
  const file = path.join(own.folder, 'history.db');
  const database = openHistory(file);
  for (let night = 1; night <= 450; night++) writeRun(database, record(night), 'now');
  database.close();
  await using walked = createServer({ runs: own.folder, history: file, token: undefined });
  const seen: number[] = [];
  const pages: string[] = [];
  for (let next: string | undefined = '/history'; next !== undefined;) {
    const { body }: { readonly body: string } = await walked.inject({ url: next, headers: { host: '127.0.0.1' } });
    pages.push(next);
    seen.push(...[...body.matchAll(/href="\/runs\/(\d+)"/g)].map((match) => Number(match[1])));
    next = /href="([^"]+)">\d+ older</.exec(body)?.[1];
  }
  expect(pages).toEqual(['/history', '/history?skip=200', '/history?skip=400']);
  expect(seen).toEqual(Array.from({ length: 450 }, (_, i) => 450 - i));
  const last = await walked.inject({ url: '/history?skip=400', headers: { host: '127.0.0.1' } });
  expect(last.body).toContain('href="/history?skip=200">Newer runs');
  for (const skip of ['-1', 'x', '1e9', '99999999999999999999'])
    expect((await walked.inject({ url: `/history?skip=${skip}`, headers: { host: '127.0.0.1' } })).statusCode).toBe(
      200,
    );
});

describe('a run that is under way', () => {
  it('is followed from its files, and is gone when it has ended', async () => {
    await using living = await livingRun(runs);
    const { add } = living;
    add({ atMs: 1, kind: 'phase', phase: 'fault' });
    add({ atMs: 2, kind: 'fault', step: 0, edge: 'inject', fault: { kind: 'routes.flood' } });

    const stream = await fetch(`${origin.url}/events`);
    expect(stream.headers.get('content-type')).toBe('text/event-stream');
    const reader = (stream.body ?? new ReadableStream<Uint8Array>()).pipeThrough(new TextDecoderStream()).getReader();
    let seen = '';
    const until = async (words: RegExp): Promise<void> => {
      while (!words.test(seen)) seen += (await reader.read()).value ?? '';
    };
    await until(/route-flood, block 1, canary.*phase <strong>fault<\/strong>; routes\.flood/s);
    add({ atMs: 1_000, kind: 'load', sent: 9, ok: 7, errors: { '503': 2 }, p50Ms: 1, p99Ms: 12.5 });
    await until(/p99 of the latency, ms: 12\.5 now/);
    living.end();
    seen = '';
    await until(/No run is under way/);
    await reader.cancel();
  });

  it('is placed in its plan, by the newest that was recorded of it', async () => {
    await using living = await livingRun(runs);
    expect((await get('/')).text).toContain('settle 4 s; now deploy');
    living.add({ atMs: 5_000, kind: 'phase', phase: 'fault' });
    living.add({ atMs: 8_000, kind: 'load', sent: 9, ok: 9, errors: {}, p50Ms: 1, p99Ms: 2 });
    const { text } = await get('/');
    expect(text).toContain('warmup 1 s, baseline 2 s, fault 10 s, settle 4 s; now 3 s into fault');
    // 17 seconds in 440: the fault phase begins after 3 of them, and now is 3 further.
    expect(text).toContain('d="M155.3 0V');
    expect(text).toMatch(/<rect x="77\.6" y="22" width="258\.9"[^>]*>\s*<text x="81\.6"[^>]*>routes\.flood</);
  });

  it('tells its trials in the order in which they ended, and counts none that is driven for profiles', async () => {
    await using living = await livingRun(runs);
    const at = (second: number, tookMs: number): object => ({ startedAt: `2026-01-01T01:00:0${second}.000Z`, tookMs, state: 'completed' }); // prettier-ignore
    living.trial('trials/route-flood-1-stable', { arm: 'stable', ...at(3, 1_000) });
    living.trial('trials/route-flood-1-twin', { arm: 'twin', ...at(1, 1_000) });
    living.trial('trials/route-flood-2-canary', { block: 2, arm: 'canary', ...at(0, 9_000) });
    living.trial('profiles/route-flood-1-stable', { arm: 'stable', ...at(5, 9_000) });
    living.trial('profiles/route-flood-1-canary', { arm: 'canary', startedAt: '2026-01-01T01:00:20.000Z' });
    const { text } = await get('/');
    const [, table = ''] = text.split('<tbody>');
    const arms = [...table.matchAll(/<td>((?:canary|stable|twin)[^<]*)</g)].map((match) => match[1]);
    expect(arms).toEqual(['stable, profiled', 'canary', 'stable', 'twin']);
    expect(text).toContain('3 of 9 trials ended');
    expect(text).toMatch(/route-flood, block 1, canary, profiled<\/h3><p>Driven once more for CPU profiles/);
  });
});

it('metrics are what Prometheus reads', async () => {
  const { text, headers } = await get('/metrics');
  expect(headers.get('content-type')).toContain('text/plain; version=0.0.4');
  expect(text).toContain('gatecrash_decision{pair="next",decision="safe"} 1\n');
  expect(text).toMatch(
    /^gatecrash_canary_over_stable_ratio\{pair="next",scenario="none",metric="latency-p99"\} 1\.64/m,
  );
  expect(text).toContain('gatecrash_trend_alarms{pair="next",scenario="none",metric="latency-p99"} 1\n');
});

describe('who may see it', () => {
  it.each([
    [{ host: '127.0.0.1:7478' }, undefined, undefined],
    [{ host: 'localhost:7478' }, undefined, undefined],
    [{ host: '[::1]:7478' }, undefined, undefined],
    [{ host: 'evil.example' }, undefined, 421],
    [{ host: '127.evil.example' }, undefined, 421],
    [{}, undefined, 421],
    [{ host: 'x' }, 'secret', 401],
    [{ host: 'x', authorization: 'Bearer secret' }, 'secret', undefined],
    [{ host: 'x', authorization: 'Bearer secre' }, 'secret', 401],
    [{ host: 'x', authorization: `Basic ${btoa('me:secret')}` }, 'secret', undefined],
    [{ host: 'x', authorization: `Basic ${btoa('me:')}` }, 'secret', 401],
  ])('%j with the token %j: %j', (headers, token, status) => {
    expect(refusal(headers, token)).toBe(status);
  });

  it('an address of other hosts needs a token, and a port that is taken is told', async () => {
    const open = await gatecrash(['serve', '--host', '0.0.0.0', '--port', 'x'], { GATECRASH_TOKEN: '' });
    expect([open.code, open.stderr]).toEqual([3, expect.stringMatching(/--port must be[\s\S]*GATECRASH_TOKEN/)]);
    const taken = await gatecrash(['serve', '--port', new URL(origin.url).port]);
    expect([taken.code, taken.stderr]).toEqual([4, expect.stringContaining('PORT_TAKEN')]);
  });
});
