/**
 * `make third-party`: gateways that nobody here wrote, by the regressions that their own release notes tell of. Prints what
 * was run, and what could not be, with the reason. ONLY: names of rows, by commas. Traefik is built with Go the first time.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Finding, Verdict } from '../harness/model/verdict.ts';
import { findNginx } from '../harness/tools/nginx.ts';
import { protocolChanges } from '../scenarios/http/protocol-changes.ts';
import type { Scenario } from '../scenarios/scenario.ts';

interface Pair {
  readonly name: string;
  readonly stable: string;
  readonly canary: string;
  /** Of the catalogue, or one of its own. */
  readonly scenario: string | Scenario;
  /** Whether it has to be a REGRESSION; undefined where the numbers are what is asked for. */
  readonly regression: boolean | undefined;
  readonly because: string;
  readonly runtime?: 'docker';
}

interface Row extends Pair {
  /** The decision, or why there is none. */
  readonly found: string;
  readonly ok: boolean | undefined;
  readonly seconds: number;
  readonly details: readonly string[];
}

const root = path.join(import.meta.dirname, '..');
const folder = path.join(root, 'runs', 'third-party');

/** A WebSocket on which nobody says a word for longer than the two seconds after which 2.11.1 closed it. */
const idleWebsocket: Scenario = {
  ...protocolChanges,
  name: 'idle-websocket',
  conformance: {
    objects: protocolChanges.conformance?.objects ?? {},
    requests: [
      {
        name: 'silent for three seconds',
        head: [
          'GET /ws HTTP/1.1',
          'Connection: Upgrade',
          'Upgrade: websocket',
          'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==',
          'Sec-WebSocket-Version: 13',
        ],
        pause: '3s',
        body: 'hello',
      },
    ],
  },
};

const pairs: readonly Pair[] = [
  {
    name: 'traefik-encoded',
    stable: 'traefik@3.6.2',
    canary: 'traefik@3.6.4',
    scenario: 'request-paths',
    regression: true,
    because: 'traefik/traefik#12360: encoded characters are answered 400',
  },
  {
    name: 'traefik-encoded-fixed',
    stable: 'traefik@3.6.2',
    canary: 'traefik@3.6.7',
    scenario: 'request-paths',
    regression: false,
    because: 'traefik/traefik#12540: refused only when one asks for it',
  },
  {
    name: 'traefik-same',
    stable: 'traefik@3.6.2',
    canary: 'traefik@3.6.2',
    scenario: 'request-paths',
    regression: false,
    because: 'the same build on both sides',
  },
  {
    name: 'traefik-websocket',
    stable: 'traefik@2.11.0',
    canary: 'traefik@2.11.1',
    scenario: idleWebsocket,
    regression: true,
    because: 'traefik/traefik#10598: an idle WebSocket is closed after two seconds',
  },
  {
    name: 'nginx-reload',
    stable: 'reference@.',
    canary: `nginx@${findNginx()?.version ?? '1.22.1'}`,
    scenario: 'route-flood',
    regression: undefined,
    because: 'what it costs that a new route is a reload',
  },
  {
    name: 'apisix-lost-updates',
    stable: 'apisix@3.13.0',
    canary: 'apisix@3.14.1',
    scenario: 'watch-silent-death',
    regression: true,
    because: 'apache/apisix#13067: updates are lost for good',
    runtime: 'docker',
  },
  {
    name: 'apisix-lost-updates-fixed',
    stable: 'apisix@3.13.0',
    canary: 'apisix@3.18.0',
    scenario: 'watch-silent-death',
    regression: false,
    because: 'apache/apisix#13721',
    runtime: 'docker',
  },
];

function scenarioOf({ scenario, name }: Pair): string {
  if (typeof scenario === 'string') return scenario;
  const file = path.join(folder, `${name}.json`);
  writeFileSync(file, JSON.stringify(scenario, null, 2));
  return file;
}

function run(pair: Pair): Row {
  const out = path.join(folder, pair.name);
  rmSync(out, { recursive: true, force: true });
  const builds = ['--stable', pair.stable, '--canary', pair.canary, '--scenario', scenarioOf(pair)];
  const runtime = pair.runtime === undefined ? [] : ['--runtime', pair.runtime];
  const started = performance.now();
  const { status, stderr } = spawnSync(path.join(root, 'gatecrash'), ['canary', ...builds, ...runtime, '--out', out], {
    cwd: root,
    encoding: 'utf8',
    stdio: ['ignore', 'ignore', 'pipe'],
    maxBuffer: 2 ** 28,
  });
  const seconds = Math.round((performance.now() - started) / 1_000);
  const verdict = verdictIn(out);
  const tried = verdict?.scenarios.some(({ blocks }) => blocks.used > 0) === true;
  // A host that was too busy has shown no regression either: that is no control that held.
  if (verdict === undefined || !tried || verdict.decision === 'invalid') {
    const why = verdict?.because ?? /^error.*$/m.exec(stderr)?.[0] ?? `gatecrash ended with ${status}`;
    return { ...pair, found: `not run: ${why}`, ok: undefined, seconds, details: invalidReasons(stderr) };
  }
  const { decision, because } = verdict;
  const isRegression = decision === 'regression';
  const ok = pair.regression === undefined ? undefined : isRegression === pair.regression;
  const numbers = verdict.scenarios.flatMap(({ findings }) => findings.flatMap(numberOf));
  return { ...pair, found: decision, ok, seconds, details: [because, ...numbers] };
}

function verdictIn(out: string): Verdict | undefined {
  try {
    return JSON.parse(readFileSync(path.join(out, 'verdict.json'), 'utf8')) as Verdict;
  } catch {
    return undefined;
  }
}

function invalidReasons(stderr: string): readonly string[] {
  return [...new Set(stderr.match(/invalid: .*/g) ?? [])].slice(0, 3);
}

/** Of a metric: the canary over stable. */
function numberOf({ subject, estimate, interval }: Finding): readonly string[] {
  if (estimate === undefined) return [];
  const range = interval === undefined ? '' : ` (${interval.low.toFixed(2)} to ${interval.high.toFixed(2)})`;
  return [`${subject}: ${estimate.toFixed(2)} times that of stable${range}`];
}

function told({ name, stable, canary, because, regression, found, ok, seconds, details }: Row): string {
  const wanted = regression === undefined ? 'numbers' : regression ? 'regression' : 'no regression';
  const mark = ok === undefined ? '-' : ok ? 'ok' : 'WRONG';
  return [
    `${mark.padEnd(6)}${name.padEnd(28)}${`${stable} → ${canary}`.padEnd(36)}wanted: ${wanted.padEnd(15)}found: ${found} (${seconds} s)`,
    `      ${because}`,
    ...details.map((line) => `      ${line}`),
  ].join('\n');
}

mkdirSync(folder, { recursive: true });
const only = (process.env['ONLY'] ?? '').split(',').filter((name) => name !== '');
const rows: Row[] = [];
for (const pair of pairs.filter(({ name }) => only.length === 0 || only.includes(name))) {
  process.stderr.write(`${pair.name}: ${pair.stable} → ${pair.canary}\n`);
  rows.push(run(pair));
}
process.stdout.write(`${rows.map(told).join('\n')}\n`);
const count = (ok: boolean | undefined): number => rows.filter((row) => row.ok === ok).length;
const notRun = rows.filter(({ found }) => found.startsWith('not run')).length;
process.stdout.write(
  `\n${rows.length - notRun} run, ${notRun} could not be run; ${count(true)} as wanted, ${count(false)} not\n`,
);
process.exitCode = count(false) === 0 ? 0 : 1;
