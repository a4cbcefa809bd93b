/** The single requests of scenarios against a real gateway: what they are to show is there, and each is answered alike twice. */
import { expect, test } from 'vitest';
import { writeObjects } from '../../../harness/load/conformance-objects.ts';
import { askConformance } from '../../../harness/probes/conformance/ask.ts';
import type { Scenario } from '../../../scenarios/scenario.ts';
import { adminApi } from '../../../scenarios/http/admin-api.ts';
import { httpMessages } from '../../../scenarios/http/http-messages.ts';
import { plugins } from '../../../scenarios/http/plugins.ts';
import { host } from '../../../scenarios/http/request.ts';
import { upstreamOptions } from '../../../scenarios/http/upstream-options.ts';
import { ask, until } from '../../support/http.ts';
import { memoryRecorder } from '../../support/recorder.ts';
import { type WholeWorld, startWholeWorld } from '../../support/whole-world.ts';

const never = new AbortController().signal;

/** By request, the answers of a stage. */
async function answers(
  { world }: WholeWorld,
  { conformance }: Scenario,
  stage: 'before' | 'during' | 'after',
): Promise<ReadonlyMap<string, string>> {
  if (conformance === undefined) throw new Error('the scenario asks requests');
  const recorder = memoryRecorder();
  await askConformance(world.gateway, conformance, stage, recorder, never);
  return new Map(recorder.history.flatMap((o) => (o.kind === 'conformance' ? [[o.request, o.answer] as const] : [])));
}

async function served(scenario: Scenario, plain: string): Promise<WholeWorld> {
  const { conformance } = scenario;
  if (conformance === undefined) throw new Error('the scenario asks requests');
  // A block in the timeline: so the Admin API is there.
  const whole = await startWholeWorld([{ kind: 'routes.block', routes: 1 }], '', {}, undefined, { ballast: 1 });
  await writeObjects(whole.world, conformance);
  const port = Number(whole.world.gateway.traffic.port);
  const status = async (): Promise<number> => (await ask(port, { path: plain, headers: { host } })).status;
  await until(async () => (await status()) !== 404, 'the objects are served');
  return whole;
}

/** The first lines; of requests that were asked in turns, of each. */
function firstLines(told: ReadonlyMap<string, string>, name: string): readonly (string | undefined)[] {
  const lines = [...told].filter(([request]) => request === name || request.startsWith(`${name}, `));
  return [...new Set(lines.map(([, answer]) => answer.split('\n')[0]))];
}

test('plugins do what the scenario asks of them', async () => {
  await using whole = await served(plugins, '/mock');
  const told = await answers(whole, plugins, 'before');
  for (const [name, line] of [
    ['no key', 'HTTP/1.1 401 Unauthorized'],
    ['the key of the reader', 'HTTP/1.1 200 OK'],
    ['a key of after', 'HTTP/1.1 401 Unauthorized'],
    ['a refused address', 'HTTP/1.1 403 Forbidden'],
    ['another address', 'HTTP/1.1 200 OK'],
    ['a refused agent', 'HTTP/1.1 403 Forbidden'],
    ['a redirect', 'HTTP/1.1 301 Moved Permanently'],
    ['made up', 'HTTP/1.1 201 Created'],
    ['what a service and a config share', 'HTTP/1.1 200 OK'],
    ['what is changed later', 'HTTP/1.1 502 Bad Gateway'],
  ] as const)
    expect([name, firstLines(told, name)]).toEqual([name, [line]]);
  expect(firstLines(told, 'a limit')).toEqual(['HTTP/1.1 200 OK', 'HTTP/1.1 429 Too Many Requests']);
  expect(told.get('all rewritten')).toContain('PUT /rewritten');
  expect(told.get('what a service and a config share, 1')).toContain('GET /by-config');
});

test('an upstream is waited for, tried again, weighed and named', async () => {
  await using whole = await served(upstreamOptions, '/named');
  const told = await answers(whole, upstreamOptions, 'before');
  for (const [name, line] of [
    ['it is waited for', 'HTTP/1.1 200 OK'],
    ['for as long as by default', 'HTTP/1.1 200 OK'],
    ['not longer than an upstream allows', 'HTTP/1.1 504 Gateway Timeout'],
    ['not longer than a route allows', 'HTTP/1.1 504 Gateway Timeout'],
    ['a heavy node', 'HTTP/1.1 200 OK'],
    ['a light node', 'HTTP/1.1 502 Bad Gateway'],
    ['another node is tried', 'HTTP/1.1 200 OK'],
    ['a node of lower priority is tried', 'HTTP/1.1 200 OK'],
    ['a host of its own', 'HTTP/1.1 200 OK'],
  ] as const)
    expect([name, firstLines(told, name)]).toEqual([name, [line]]);
  expect(told.get('a host of its own')).toMatch(/^Host: named\.test$/im);
  const series = (await answers(whole, upstreamOptions, 'after')).get('the series of its metrics') ?? '';
  expect(series.split('\n')[0]).toMatch(/^HTTP\/1\.[01] 200 OK$/);
  const wanted = ['gateway_responses_total status', 'gateway_config_revision worker'];
  expect(series.split('\n')).toEqual(expect.arrayContaining(wanted));
});

test('what the Admin API takes is served, what it refuses is not, and it tells so', async () => {
  await using whole = await served(adminApi, '/');
  const told = await answers(whole, adminApi, 'during');
  for (const [name, line] of [
    ['put routes/adm', 'HTTP/1.1 201 Created'],
    ['put it again', 'HTTP/1.1 200 OK'],
    ['delete what is named', 'HTTP/1.1 400 Bad Request'],
    ['put routes/adm-null', 'HTTP/1.1 400 Bad Request'],
    ['put routes/adm-lost', 'HTTP/1.1 400 Bad Request'],
    ['put no JSON', 'HTTP/1.1 400 Bad Request'],
    ['get what is not there', 'HTTP/1.1 404 Not Found'],
    ['a wrong key', 'HTTP/1.1 401 Unauthorized'],
  ] as const)
    expect([name, firstLines(told, name)]).toEqual([name, [line]]);
  const settled = async (): Promise<boolean> =>
    firstLines(await answers(whole, adminApi, 'after'), '/adm-config is served').join() === 'HTTP/1.1 200 OK';
  await until(settled, 'the last of what it took is served');
  const after = await answers(whole, adminApi, 'after');
  expect(after.get('/adm is served, 1')).toContain('made');
  expect(after.get('what it tells of a route')).toContain('"labels":{"a":"b"}');
});

test('messages of every sort are answered alike each time', async () => {
  await using whole = await served(httpMessages, '/plain');
  const told = await answers(whole, httpMessages, 'before');
  expect(told.get('an answer: odd')).toContain('HTTP/1.1 299');
  expect(told.get('an answer: large')).toMatch(/characters more, [0-9a-f]{16}/);
  expect(told.get('a large upload')).toContain('70000 bytes');
  for (const first of ['a GET', 'a HEAD', 'a POST', 'a POST in chunks', 'a trailer'])
    expect([first, told.get(`${first}, then another`)]).toEqual([first, expect.stringContaining('GET /next HTTP/1.1')]);
  const again = await answers(whole, httpMessages, 'after');
  const differing = [...told].filter(([name, answer]) => again.get(name) !== answer).map(([name]) => name);
  // Which attempt it is, and whether a connection is new, is not the same the second time.
  expect(differing.filter((name) => !/cut off|used again/.test(name))).toEqual([]);
});
