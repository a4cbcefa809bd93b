/** `command@<name>`: a gateway of one's own through a configuration and the command line, as a user puts one in. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Verdict } from '../../harness/model/verdict.ts';
import { lightTrial } from '../../scenarios/http/request.ts';
import { requestPaths } from '../../scenarios/http/request-paths.ts';
import { gatecrash, textOf } from '../support/cli.ts';
import { placeWith } from '../support/short-scenario.ts';

/** The reference gateway as a stranger: told by placeholders, by the environment, and by a file that it is given. */
function gateway(more = ''): string {
  return `{
    command: ['sh', '-c', '. "$0" && exec "$1" "$2"', '{folder}/settings.sh', ${JSON.stringify(process.execPath)}, 'gateway/main.ts'],
    cwd: ${JSON.stringify(path.resolve('.'))},
    env: { GATEWAY_LOG: 'warn', ${more} },
    files: { 'settings.sh': 'export GATEWAY_STATUS={host}:{port:status}\\n' },
    layout: 'apisix',
    ready: 'http://{host}:{port:status}/status/ready',
    workerHeader: 'X-Gateway-Worker',
    workerProcesses: true,
    reloadSignal: 'SIGHUP',
    metrics: 'http://{host}:{port:status}/metrics',
  }`;
}

const ended = (place: { folder: string }): Verdict =>
  JSON.parse(readFileSync(path.join(place.folder, 'run', 'verdict.json'), 'utf8')) as Verdict;

function compared(place: ReturnType<typeof placeWith>, stable: string, canary: string): ReturnType<typeof gatecrash> {
  const builds = ['--stable', stable, '--canary', canary, '--config', place.config];
  const out = path.join(place.folder, 'run');
  return gatecrash(['canary', ...builds, '--scenario', place.scenario, '--blocks', '3', '--out', out]);
}

test('two gateways of a configuration are compared: the same is SAFE', async () => {
  using place = placeWith(`gateways: { old: ${gateway()}, new: ${gateway()} }`);
  const { code, stderr } = await compared(place, 'command@old', 'command@new');
  expect([code, ended(place).decision, stderr]).toEqual([0, 'safe', expect.any(String)]);
  const logs = globSync(path.join(place.folder, 'run/trials/*/logs/gateway.log'));
  expect(logs).toHaveLength(9);
  // What it was given stays in the evidence.
  const [settings = ''] = globSync(path.join(place.folder, 'run/trials/short-1-canary/gateway-*/settings.sh'));
  expect(textOf(settings)).toMatch(/^export GATEWAY_STATUS=127\.0\.0\.1:\d+$/m);
}, 600_000);

test('one that refuses encoded characters is a REGRESSION, by the single requests of the catalogue', async () => {
  const wrong = gateway(`GATEWAY_MUTANTS: 'reject-encoded-chars'`);
  const light = { ...requestPaths, ...lightTrial, name: 'short' };
  using place = placeWith(`gateways: { good: ${gateway()}, wrong: ${wrong} }`, light);
  expect((await compared(place, 'command@good', 'command@wrong')).code).toBe(1);
  expect(ended(place).decision).toBe('regression');
}, 600_000);

test('one that does not start makes its trials invalid, with its last words', async () => {
  using place = placeWith(
    `gateways: { broken: { command: ['sh', '-c', 'echo no licence for {listen} >&2; exit 3'], layout: 'apisix', ready: 'http://{listen}/' } }`,
  );
  const args = ['run', place.scenario, '--gateway', 'command@broken', '--config', place.config];
  const out = path.join(place.folder, 'run');
  const { code, stderr } = await gatecrash([...args, '--out', out]);
  expect([code, stderr]).toEqual([2, expect.stringContaining('invalid: gateway ended by itself with code 3')]);
  expect(textOf(out, 'trials/short-1-canary/trial.json')).toMatch(/its last lines:\\nno licence for 127\.0\.0\.1:\d+/);
});

test('one that does not start is a REGRESSION beside one that does, and says what it did not do', async () => {
  const broken = `{ command: ['sh', '-c', 'exit 3'], layout: 'apisix', ready: 'http://{listen}/' }`;
  using place = placeWith(`gateways: { good: ${gateway()}, broken: ${broken} }`);
  const builds = ['--stable', 'command@good', '--canary', 'command@broken', '--config', place.config];
  const out = path.join(place.folder, 'run');
  const args = ['canary', ...builds, '--scenario', place.scenario, '--blocks', '3', '--out', out];
  expect((await gatecrash(args)).code).toBe(1);
  expect(ended(place)).toMatchObject({
    decision: 'regression',
    because: expect.stringContaining(
      'canary command@broken does not stay up in 3 of 3 blocks of short: gateway ended by itself with code 3',
    ),
  });
}, 600_000);

test('a layout of its own in several keys: what it cannot do is skipped with the reason, the rest is run', async () => {
  using place = placeWith(
    `gateways: { own: { ...${gateway()}, workerHeader: undefined, layout: ({ prefix, id, path, answer, upstream }) => [
      { key: prefix + '/routes/' + id, value: JSON.stringify({ uri: path, upstream_id: id, plugins: { 'proxy-rewrite': { uri: answer } } }) },
      { key: prefix + '/upstreams/' + id, value: JSON.stringify({ type: 'roundrobin', nodes: { [upstream]: 1 } }) },
    ] } }`,
  );
  const out = ['--config', place.config, '--out', path.join(place.folder, 'run')];
  const run = await gatecrash(['run', place.scenario, '--gateway', 'command@own', ...out]);
  expect([run.code, ended(place).decision]).toEqual([0, 'safe']);
  const plan = await gatecrash(['plan', 'bad-items', 'watch-cut', '--canary', 'command@own', '--config', place.config]);
  expect(plan.stdout).toMatch(/^skips .*watch-cut: see ✗ below$/m);
  expect(plan.stdout).toContain('✗         command@own has no way to tell which of its workers answers');
});

test('every mistake is told at once with its place, and nothing is started', async () => {
  using place = placeWith(`gateway: {}, gateways: { mine: { ...${gateway()}, layout: 'apisx' }, lost: ${gateway()} }`);
  const builds = ['--stable', 'command@mine', '--canary', 'command@lots', '--config', place.config];
  const { code, stdout, stderr } = await gatecrash(['canary', ...builds, '--scenario', 'rute-flood']);
  expect([code, stdout]).toEqual([3, '']);
  const lines = stderr.split('\n').filter((line) => line.startsWith('error: '));
  expect(lines.map((line) => line.replace(`${place.config}: `, '').slice('error: '.length))).toEqual([
    'unknown field "gateway"; did you mean "gateways"?',
    'gateways["mine"].layout unknown layout "apisx"; did you mean "apisix"?',
    'command@lots: unknown gateway "lots"; did you mean "lost"?',
    'unknown scenario "rute-flood"; did you mean "route-flood"?',
  ]);
});

test.each([
  [[], 'command@mine: no gateway is described; gatecrash.config.ts of this folder, or --config'],
  [['--config', '/nowhere.ts'], '--config: there is no /nowhere.ts'],
])('without a configuration it is told where one would be: %j', async (config, words) => {
  const { code, stderr } = await gatecrash(['run', 'none', '--gateway', 'command@mine', ...config]);
  expect([code, stderr]).toEqual([3, expect.stringContaining(words)]);
});

test('a program that is not there, variants, and containers are mistakes', async () => {
  using place = placeWith(
    `gateways: { lost: { ...${gateway()}, command: ['./no-such-gateway'] }, mine: ${gateway()} }`,
  );
  const builds = ['--stable', 'command@lost', '--canary', 'command@mine+access-log', '--config', place.config];
  const { code, stderr } = await gatecrash(['canary', ...builds]);
  expect(code).toBe(3);
  expect(stderr).toMatch(/command@lost: there is no program \.\/no-such-gateway below \//);
  expect(stderr).toContain('a gateway of your own has no variants, such as "access-log"');
});
