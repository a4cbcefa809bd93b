/** Injectors for what the echo upstream does to its answers: they differ in what it does, not in how it is asked and proven. */
import { isDeepStrictEqual } from 'node:util';
import { milliseconds } from '../../../scenarios/duration.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Injector } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { type Seen, outcome, request, seenIn } from '../raw-request.ts';
import { untilProven } from '../until.ts';
import { type AnswerFault, type UpstreamFaultEntry, upstreamFaults } from './table.ts';

type UpstreamInjectors = { readonly [K in AnswerFault['kind']]: Injector<Extract<AnswerFault, { kind: K }>> };

/** Beyond the planned delay, until a late answer is no answer. Milliseconds. */
const patienceMs = 5_000;

function upstreamInjector<F extends AnswerFault>(entry: UpstreamFaultEntry<F>): Injector<F> {
  return {
    about: {
      hop: 'gateway->upstream',
      does: entry.does,
      proof: `the upstream counts n ${entry.did}, and a request of our own past the gateway ${entry.sees}`,
    },
    unsupported: () => undefined,
    prepare: async () => undefined,

    async inject(fault, world) {
      await world.echo.inject(fault);
      return {};
    },

    verify(fault, world, _before, { signal }) {
      const before: Seen[] = [];
      const look = async (): Promise<string | undefined> => {
        const seen = await ownRequest(fault, world);
        const proven = entry.proves(seen, fault, before);
        before.push(seen);
        const units = await unitsOf(fault, world);
        if (!proven || units === undefined || units === 0) return undefined;
        return `${units} ${entry.did}; an own request was ${(entry.words ?? outcome)(seen)}`;
      };
      const otherwise = (): string => {
        const last = before.at(-1);
        return `${fault.kind}: ${last === undefined ? 'no own request ended' : `an own request was ${outcome(last)}`}`;
      };
      return untilProven(look, otherwise, signal, 20);
    },

    heal: (fault, world) => world.echo.heal(fault),

    async verifyHealed(fault, world) {
      if ((await unitsOf(fault, world)) !== undefined)
        throw new HarnessError('HEAL_FAILED', `the upstream still holds ${fault.kind} after its heal`);
      return `the upstream holds no ${fault.kind}`;
    },
  };
}

async function ownRequest(fault: AnswerFault, world: World): Promise<Seen> {
  const lateMs = fault.kind === 'upstream.slow' ? milliseconds(fault.by) : 0;
  return seenIn(world, await request(world.echo.address, { path: '/own-request', patienceMs: lateMs + patienceMs }));
}

async function unitsOf(fault: AnswerFault, { echo }: World): Promise<number | undefined> {
  const { faults } = await echo.counters();
  return faults.find((each) => isDeepStrictEqual(each.fault, fault))?.units;
}

export const upstreamInjectors = Object.fromEntries(
  Object.entries(upstreamFaults).map(([kind, entry]) => [
    kind,
    upstreamInjector<AnswerFault>(entry as UpstreamFaultEntry<AnswerFault>),
  ]),
) as unknown as UpstreamInjectors;
