/** What can be asked of the echo upstream: faults on and off, and what reached it. */
import type { Server } from 'node:http';
import type { UpstreamFault } from '../../scenarios/upstream-faults.ts';
import { createControl } from '../control/server.ts';
import type { Echo } from './echo.ts';

export function controlOf(echo: Echo, heartbeatMs: number): Server {
  const controls = {
    'GET /counters': () => echo.counters(),
    'POST /faults': async (body: unknown) => {
      await echo.inject((body as { fault: UpstreamFault }).fault);
      return {};
    },
    'POST /heal': async (body: unknown) => {
      await echo.heal((body as { fault?: UpstreamFault }).fault);
      return {};
    },
  };
  // Nobody is left to be told that a heal failed.
  const upstream = {
    name: 'the upstream',
    broken: () => echo.broken,
    heal: () => void echo.heal().catch(() => undefined),
  };
  return createControl(controls, upstream, heartbeatMs);
}
