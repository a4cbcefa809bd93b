/** `gateway.scale-out`: further gateways start at once on the same etcd, each with a full read of its own. */
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Injector } from '../../model/injector.ts';
import type { Gateway } from '../../model/ports.ts';
import { request } from '../raw-request.ts';
import { untilProven } from '../until.ts';
import { nameOf } from './processes.ts';

type ScaleOut = Extract<GatewayFault, { kind: 'gateway.scale-out' }>;

const answerMs = 1_000;
/** Of every scenario: it never changes. */
const settledRoute = '/settled/0';

export const gatewayScaleOut: Injector<ScaleOut> = {
  about: {
    hop: 'gateway',
    does: 'so many further gateways start at once on the same etcd',
    proof: 'each says that it is ready and serves a route of the table',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject(fault, world, { step, signal }) {
    const atMs = performance.now();
    const launched = await Promise.allSettled(
      suffixes(fault, step).map((suffix) => world.launchGateway(suffix, signal)),
    );
    for (const each of launched) if (each.status === 'rejected') throw each.reason;
    return { atMs };
  },

  verify(fault, world, { atMs = 0 }, { step, signal }) {
    const names = suffixes(fault, step).map((suffix) => `${nameOf(world)}-${suffix}`);
    const servesAfterMs = new Map<string, number>();
    const look = async (): Promise<string | undefined> => {
      await Promise.all(
        names.map(async (name) => {
          const gateway = world.further.get(name);
          if (gateway === undefined || servesAfterMs.has(name) || !(await serves(gateway, signal))) return;
          servesAfterMs.set(name, performance.now() - atMs);
        }),
      );
      if (servesAfterMs.size < names.length) return undefined;
      const times = [...servesAfterMs.values()].map((ms) => ms.toFixed(0));
      return `${names.length} further gateways serve, ${times.join(', ')} ms after they were started`;
    };
    return untilProven(look, () => `${servesAfterMs.size} of ${names.length} further gateways serve`, signal);
  },

  async heal(fault, world, { step }) {
    await Promise.all(
      suffixes(fault, step).map(async (suffix) => {
        const name = `${nameOf(world)}-${suffix}`;
        // With what it has beside itself.
        await world.further.get(name)?.[Symbol.asyncDispose]();
        await world.stop(name);
      }),
    );
  },

  async verifyHealed(fault, world, { step }) {
    const left = suffixes(fault, step).filter((suffix) => world.running(`${nameOf(world)}-${suffix}`));
    if (left.length > 0) throw new HarnessError('HEAL_FAILED', `${left.length} further gateways still run`);
    return 'the further gateways are gone';
  },
};

/** Of their names. */
function suffixes({ gateways }: ScaleOut, step: number): readonly string[] {
  return Array.from({ length: gateways }, (_, index) => `${step + 1}-${index + 1}`);
}

async function serves(gateway: Gateway, signal: AbortSignal): Promise<boolean> {
  if (!(await gateway.ready(signal))) return false;
  const { status } = await request(gateway.traffic, { path: settledRoute, patienceMs: answerMs });
  return status === 200;
}
