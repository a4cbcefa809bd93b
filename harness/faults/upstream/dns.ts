/** `upstream.dns`: the name of the upstream leads elsewhere, or nowhere. */
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { isDeepStrictEqual } from 'node:util';
import type { UpstreamFault } from '../../../scenarios/upstream-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { Injector } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { untilProven } from '../until.ts';

type Dns = Extract<UpstreamFault, { kind: 'upstream.dns' }>;

/** What a name is told to be. */
const said = { nowhere: 'ENOTFOUND', elsewhere: '127.0.0.2' } as const;

export const upstreamDns: Injector<Dns> = {
  about: {
    hop: 'gateway->upstream',
    does: 'the DNS tells of no upstream, or of an address at which nobody is',
    proof: 'the DNS server counts such answers, and a question of our own gets one',
  },
  asks: () => ['dns'],
  unsupported: (_fault, { echo, driver }) =>
    echo.names === undefined ? `${driver.name} asks no DNS server of ours` : undefined,
  prepare: async () => undefined,

  async inject(fault, { echo }) {
    await echo.inject(fault);
    return {};
  },

  verify(fault, world, _before, { signal }) {
    let told = 'nothing';
    const look = async (): Promise<string | undefined> => {
      told = await askOwn(world);
      const units = (await heldBy(world, fault))?.units ?? 0;
      if (told !== said[fault.leads] || units === 0) return undefined;
      return `the DNS server has told so ${units} times; an own question was answered ${told}`;
    };
    return untilProven(look, () => `the DNS tells ${told}`, signal);
  },

  heal: (fault, { echo }) => echo.heal(fault),

  async verifyHealed(fault, world, { signal }) {
    if ((await heldBy(world, fault)) !== undefined)
      throw new HarnessError('HEAL_FAILED', 'the DNS server still lies after the heal');
    let told = 'nothing';
    const look = async (): Promise<string | undefined> => {
      told = await askOwn(world);
      // A question that was not answered in time tells nothing of what the answer would have been.
      return isIP(told) !== 0 && told !== said.elsewhere ? `the DNS tells ${told} again` : undefined;
    };
    return untilProven(look, () => `the DNS tells ${told} after the heal`, signal);
  },
};

async function heldBy({ echo }: World, fault: Dns): Promise<{ readonly units: number } | undefined> {
  return (await echo.counters()).faults.find((each) => isDeepStrictEqual(each.fault, fault));
}

/** The address that it tells, or the code of its refusal. */
async function askOwn({ echo, upstream }: World): Promise<string> {
  const resolver = new Resolver({ timeout: 500, tries: 2 });
  resolver.setServers([echo.names?.host ?? '']);
  return resolver.resolve4(upstream.hostname).then(
    ([address = '']) => address,
    (error: NodeJS.ErrnoException) => error.code ?? error.message,
  );
}
