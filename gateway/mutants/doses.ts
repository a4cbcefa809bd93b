/**
 * Regressions of a known size, to measure how small a one the judge finds: `make judge-study` runs them, and no real
 * gateway shipped them. Each does its harm at a router, where every request and every change comes by.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { PluginHooks } from '../plugins/plugin.ts';
import type { Router } from '../routing/router.ts';
import type { Mutant } from './mutant.ts';

/** Ahead of every plugin. */
const first = 100_000;
/** By then a worker serves its whole table: what is lost before would only keep the gateway from getting ready. */
const settledAfterRequests = 100;

type Harm = (router: Router) => Router;

function dosed(name: string, summary: string, subject: string, harm: Harm): Mutant {
  return {
    name,
    kind: 'dosed',
    summary,
    corpus: '-',
    anchor: '-',
    scenario: '-',
    subject,
    wrap: (seams) => ({ ...seams, createRouter: () => harm(seams.createRouter()) }),
  };
}

/** Every request meets these hooks first. */
function hooked(router: Router, hooks: PluginHooks): Router {
  const plugin = { name: 'dose', priority: first, hooks };
  return { ...router, globalPlugins: () => [plugin, ...router.globalPlugins()] };
}

/** True for one call in n, evenly spaced: chance would blur the dose. */
function oneIn(n: number): () => boolean {
  let calls = 0;
  return () => ++calls % n === 0;
}

function spin(micros: number): void {
  const until = performance.now() + micros / 1_000;
  while (performance.now() < until);
}

const burning = (micros: number): Mutant =>
  dosed(`dose-burn-${micros}us`, `burns ${micros} µs of processor time for each request`, 'cpu-per-request', (router) =>
    hooked(router, {
      rewrite() {
        spin(micros);
        return undefined;
      },
    }),
  );

const late = (ms: number): Mutant =>
  dosed(`dose-late-${ms}ms`, `one request in fifty waits ${ms} ms`, 'latency-p99', (router) => {
    const hit = oneIn(50);
    return hooked(router, { rewrite: () => (hit() ? sleep(ms).then(() => undefined) : undefined) });
  });

const failing = (n: number): Mutant =>
  dosed(`dose-fail-1in${n}`, `one request in ${n} is answered with 503`, 'error-share', (router) => {
    const hit = oneIn(n);
    return hooked(router, { rewrite: () => (hit() ? { status: 503, body: 'dose' } : undefined) });
  });

const lateConfig = (ms: number): Mutant =>
  dosed(`dose-config-${ms}ms`, `changes come into force ${ms} ms late`, 'write-visible-delay', (router) => ({
    ...router,
    apply: (changes) => void setTimeout(() => router.apply(changes), ms),
  }));

const losing = (n: number): Mutant =>
  dosed(`dose-lose-1in${n}`, `one change in ${n} is lost for good`, 'no-lost-update', (router) => {
    const [hit, requests] = [oneIn(n), { seen: 0 }];
    return {
      ...router,
      apply: (changes) => router.apply(requests.seen < settledAfterRequests ? changes : changes.filter(() => !hit())),
      match(request) {
        requests.seen += 1;
        return router.match(request);
      },
    };
  });

const leaking = (kib: number): Mutant =>
  dosed(`dose-leak-${kib}kib`, `keeps ${kib} KiB for each change`, 'rss-slope', (router) => {
    const kept: Buffer[] = [];
    return {
      ...router,
      apply(changes) {
        // Filled with something, or the pages would not be resident.
        for (const _ of changes) kept.push(Buffer.alloc(kib * 1_024, kept.length));
        router.apply(changes);
      },
    };
  });

export const doses: readonly Mutant[] = [
  ...[20, 50, 100, 200].map(burning),
  ...[2, 5, 10, 20].map(late),
  ...[2_000, 500, 200, 50, 10].map(failing),
  ...[10, 20, 50, 100].map(lateConfig),
  ...[100, 50, 20, 10].map(losing),
  ...[64, 256, 1_024].map(leaking),
];
