/** `gateway.scrape`: the metrics page of the gateway is asked for, at a rate, as by many who watch it. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { GatewayFault } from '../../../scenarios/gateway-faults.ts';
import type { Injector } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { HeldByStep } from '../held-by-step.ts';
import { untilProven } from '../until.ts';

type Scrape = Extract<GatewayFault, { kind: 'gateway.scrape' }>;

const answerMs = 10_000;

interface Seen {
  pages: number;
  bytes: number;
}

interface Scraping {
  readonly seen: Readonly<Seen>;
  readonly stop: AbortController;
  /** Never rejects. */
  readonly ended: Promise<void>;
}

const held = new HeldByStep<Scraping>();

export const gatewayScrape: Injector<Scrape> = {
  about: {
    hop: 'harness->gateway',
    does: 'the metrics page of the gateway is asked for at a rate',
    proof: 'it has given a page; said is how large it is',
  },
  asks: () => ['metrics'],
  unsupported: (_fault, { gateway, driver }) =>
    gateway.metrics === undefined ? `${driver.name} has no metrics page` : undefined,
  prepare: async () => undefined,

  async inject({ perSecond }, world, { step }) {
    const [stop, seen] = [new AbortController(), { pages: 0, bytes: 0 }];
    held.set(world, step, { seen, stop, ended: scrape(world, perSecond, seen, stop.signal) });
    return {};
  },

  verify(_fault, world, _before, { step, signal }) {
    const look = async (): Promise<string | undefined> => {
      const { pages, bytes } = held.get(world, step)?.seen ?? { pages: 0, bytes: 0 };
      return pages > 0 ? `${pages} metrics pages came, the last of ${bytes} bytes` : undefined;
    };
    return untilProven(look, () => 'no metrics page came', signal);
  },

  async heal(_fault, world, { step }) {
    const scraping = held.take(world, step);
    scraping?.stop.abort();
    await scraping?.ended;
  },
  verifyHealed: async () => 'nobody asks for the metrics page any more',
};

/** One after the other: a page that takes longer than its turn delays the next. */
async function scrape({ gateway }: World, perSecond: number, seen: Seen, stop: AbortSignal): Promise<void> {
  const { metrics } = gateway;
  if (metrics === undefined) return;
  while (!stop.aborted) {
    const dueMs = performance.now() + 1_000 / perSecond;
    try {
      const answer = await fetch(metrics, { signal: AbortSignal.any([stop, AbortSignal.timeout(answerMs)]) });
      seen.bytes = (await answer.text()).length;
      if (answer.ok) seen.pages++;
    } catch {
      // One that is away gives none, and that is told elsewhere.
    }
    await sleep(Math.max(0, dueMs - performance.now()), undefined, { signal: stop }).catch(() => undefined);
  }
}
