/** A second room with an upstream of its own, where a scenario has one: every route names both upstreams. */
import type { Scenario } from '../../scenarios/scenario.ts';
import type { GatewayDriver, Runtime, World } from '../model/ports.ts';
import { rooms } from '../model/rooms.ts';
import { upstreamWorkload } from '../upstream/workload.ts';
import { answers } from './answers.ts';
import { waitUntil } from './wait.ts';

const readyWithinMs = 15_000;

export interface SecondRoom {
  /** Lays routes out so that they know of it. */
  readonly driver: GatewayDriver;
  /** Where the gateway stands; undefined where there are no rooms. */
  readonly room: string | undefined;
  /** Its upstream answers when it resolves. */
  start(launch: World['launch'], signal: AbortSignal): Promise<void>;
}

interface Plain {
  readonly scenario: Scenario;
  readonly driver: GatewayDriver;
  readonly runtime: Runtime;
}

export async function secondRoom({ scenario, driver, runtime }: Plain): Promise<SecondRoom> {
  if (scenario.upstream?.secondRoom !== true) return { driver, room: undefined, start: async () => undefined };
  const address = async (): Promise<URL> => new URL(`http://127.0.0.1:${await runtime.freePort()}`);
  const [listen, control] = [await address(), await address()];
  const wait = { what: 'the upstream of the second room did not answer', code: 'UPSTREAM_NOT_READY' } as const;
  return {
    driver: { ...driver, route: (prefix, spec) => driver.route(prefix, { ...spec, elsewhere: listen }) },
    room: rooms.own,
    async start(launch, signal) {
      await launch({ ...upstreamWorkload({ listen, control }), name: 'upstream-elsewhere' }, signal);
      const page = new URL('/counters', control);
      await waitUntil({ ...wait, withinMs: readyWithinMs }, (signal) => answers(page, signal), signal);
    },
  };
}
