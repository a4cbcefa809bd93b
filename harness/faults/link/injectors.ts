/** Injectors for all faults of the etcd link: they differ in what the link does, not in how it is asked and proven. */
import { isDeepStrictEqual } from 'node:util';
import type { LinkFault } from '../../../scenarios/link-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { FaultCounters } from '../../model/etcd-link.ts';
import type { Injector } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { untilProven } from '../until.ts';
import { type LinkFaultEntry, linkFaults } from './table.ts';

type LinkInjectors = { readonly [K in LinkFault['kind']]: Injector<Extract<LinkFault, { kind: K }>> };

function linkInjector<F extends LinkFault>(entry: LinkFaultEntry<F>): Injector<F> {
  const own = entry.witness === undefined ? '' : ", and a call of the injector's own is treated so";
  return {
    about: { hop: 'gateway->etcd', does: entry.does, proof: `the link counts n ${entry.did}${own}` },
    asks: () => ['etcd-watch'],
    unsupported: () => undefined,
    prepare: async () => undefined,

    async inject(fault, world, { seed, step }) {
      await world.link.inject(fault, seed + step);
      return {};
    },

    verify(fault, world, _before, { signal }) {
      let last: FaultCounters | undefined;
      const prove = async (): Promise<string | undefined> => {
        const witnessed = aimed(fault) ? undefined : await entry.witness?.(fault, world.link);
        if (entry.witness !== undefined && !aimed(fault) && witnessed === undefined) return undefined;
        last = await countersOf(fault, world);
        if (last === undefined || last.units === 0) return undefined;
        const { units, bytes, hits, open } = last;
        const sizes = bytes > 0 ? `, ${bytes} bytes` : '';
        return `${units} ${entry.did}${sizes}; ${hits} hit, ${open} of them open${witnessed === undefined ? '' : `; ${witnessed}`}`;
      };
      const otherwise = (): string =>
        last === undefined
          ? `${fault.kind}: the etcd link does not know of it, or an own call passed unhurt`
          : `${fault.kind}: ${last.units} ${entry.did}; ${last.hits} hit, ${last.open} of them open`;
      return untilProven(prove, otherwise, signal);
    },

    heal: (fault, world) => world.link.heal(fault),

    async verifyHealed(fault, world) {
      if ((await countersOf(fault, world)) !== undefined) {
        throw new HarnessError('HEAL_FAILED', `the etcd link still holds ${fault.kind} after its heal`);
      }
      return `the etcd link holds no ${fault.kind}`;
    },
  };
}

/** Whether an own call might be spared by it. */
function aimed({ connection, share, gateway }: LinkFault): boolean {
  return connection !== undefined || share !== undefined || gateway !== undefined;
}

async function countersOf(fault: LinkFault, world: World): Promise<FaultCounters | undefined> {
  const { faults } = await world.link.counters();
  return faults.find((each) => isDeepStrictEqual(each.fault, fault));
}

export const linkInjectors = Object.fromEntries(
  Object.entries(linkFaults).map(([kind, entry]) => [
    kind,
    linkInjector<LinkFault>(entry as LinkFaultEntry<LinkFault>),
  ]),
) as unknown as LinkInjectors;
