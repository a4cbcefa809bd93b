/** `nginx@<version>`: a real nginx, configured by a file that is written from etcd. */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import type { Verdict } from '../../harness/model/verdict.ts';
import { findNginx } from '../../harness/tools/nginx.ts';
import { gatecrash, textOf } from '../support/cli.ts';
import { placeWith } from '../support/short-scenario.ts';

const found = findNginx();
const ended = (place: { folder: string }): Verdict =>
  JSON.parse(readFileSync(path.join(place.folder, 'run', 'verdict.json'), 'utf8')) as Verdict;

test('routes that come and go under load are served by every worker, each by a reload', async (context) => {
  if (found === undefined) return context.skip('there is no nginx');
  using place = placeWith('', {
    phases: { warmup: '200ms', baseline: '500ms', fault: '3s', settle: '500ms' },
    // Longer than a reload takes on a host that is busy.
    timeline: [{ at: '0s', hold: '3s', fault: { kind: 'gateway.reload' } }],
  });
  const out = ['--out', path.join(place.folder, 'run')];
  const { code, stderr } = await gatecrash(['run', place.scenario, '--gateway', `nginx@${found.version}`, ...out]);
  expect([code, ended(place).decision, stderr]).toEqual([0, 'safe', expect.any(String)]);
  const trial = path.join(place.folder, 'run/trials/short-1-canary');
  expect(textOf(trial, 'history.ndjson')).toMatch(/"kind":"visible","route":"(?:created|probe)-/);
  const reloads = textOf(trial, 'logs/gateway-routes.log').match(/\d+ routes, \d+ bytes/g) ?? [];
  expect(reloads.length).toBeGreaterThan(2);
  const [config = ''] = globSync(path.join(trial, 'nginx-*/routes.conf'));
  expect(textOf(config)).toContain('location = "/settled/0" { proxy_pass "http://pool-0/seq/1"; }');
}, 480_000);

test('behind a login and TLS it is told the same', async (context) => {
  if (found === undefined) return context.skip('there is no nginx');
  using place = placeWith('', { etcd: { auth: true, tls: true } });
  const out = ['--out', path.join(place.folder, 'run')];
  expect((await gatecrash(['run', place.scenario, '--gateway', `nginx@${found.version}`, ...out])).code).toBe(0);
}, 480_000);

test('what only its companion would suffer is skipped', async (context) => {
  if (found === undefined) return context.skip('there is no nginx');
  using place = placeWith();
  const builds = ['--stable', 'reference@.', '--canary', `nginx@${found.version}`];
  const out = ['--out', path.join(place.folder, 'run')];
  const { code, stdout } = await gatecrash(['canary', ...builds, '--scenario', 'watch-silent-death', ...out]);
  expect([code, stdout]).toEqual([2, expect.stringContaining('SKIPPED')]);
  expect(ended(place).because).toContain(`nginx@${found.version} has no watch of its own on etcd`);
});

test('a version that is not the one found names that', async (context) => {
  if (found === undefined) return context.skip('there is no nginx');
  const { code, stderr } = await gatecrash(['run', 'none', '--gateway', 'nginx@0.7.65+access-log']);
  expect(code).toBe(3);
  expect(stderr).toContain(`is ${found.version}; write nginx@${found.version}, or set GATECRASH_NGINX`);
  expect(stderr).toContain('nginx has no variants');
});

test('without an nginx it is told what to do', async () => {
  const { code, stderr } = await gatecrash(['run', 'none', '--gateway', 'nginx@1.22.1'], {
    GATECRASH_NGINX: '/no/nginx',
  });
  expect([code, stderr]).toEqual([3, expect.stringContaining('there is no nginx on PATH')]);
});
