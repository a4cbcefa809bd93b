/** The processes of the clients as the benchmark sees them: on the core that nothing under test runs on. */
import path from 'node:path';
import { type PinnedProcess, startPinned } from '../pinned-process.ts';
import type { Order, Tally, Writes, Written } from './client-process.ts';
import type { Protocol } from './marks.ts';

const clientCore = 0;

const program = path.join(import.meta.dirname, 'client-process.ts');
const answersWithinMs = 60_000;

export interface Clients extends AsyncDisposable {
  /** Watches opened so far. */
  readonly watchers: number;
  /** Opens so many more, of which some are probes; resolves once the server has confirmed them all. */
  connect(url: URL, protocol: Protocol, more: number, probes: number): Promise<void>;
  count(from: number): Promise<Counted>;
  tally(): Promise<Counted>;
  write(order: Omit<Writes, 'do'>): Promise<Written>;
}

/** Of crowd and probes together. */
export type Counted = Tally;

export async function startClients(): Promise<Clients> {
  await using stack = new AsyncDisposableStack();
  const crowd = stack.use(await startPinned(clientCore, [process.execPath, program], async () => true));
  const writer = stack.use(await startPinned(clientCore, [process.execPath, program], async () => true));
  const both = async (order: Order): Promise<Counted> => {
    const [others, probes] = await Promise.all([ask<Tally>(crowd, order), ask<Tally>(writer, order)]);
    return {
      events: others.events + probes.events,
      lost: others.lost + probes.lost,
      cpuSeconds: others.cpuSeconds + probes.cpuSeconds,
      delaysMs: probes.delaysMs,
    };
  };
  const owned = stack.move();
  let watchers = 0;
  return {
    get watchers() {
      return watchers;
    },
    async connect(url, protocol, more, probes) {
      // Spread over the order of arrival, in which a fan-out may serve.
      for (let probe = 0; probe < probes; probe++) {
        const upTo = (n: number): number => Math.round((n * (more - probes)) / probes);
        const connect = { do: 'connect', url: url.href, protocol } as const;
        await ask(crowd, { ...connect, count: upTo(probe + 1) - upTo(probe) });
        await ask(writer, { ...connect, count: 1 });
      }
      watchers += more;
    },
    count: (from) => both({ do: 'count', from }),
    tally: () => both({ do: 'tally' }),
    write: (order) => ask<Written>(writer, { do: 'write', ...order }),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

function ask<Answer>({ child }: PinnedProcess, order: Order): Promise<Answer> {
  const { promise, resolve, reject } = Promise.withResolvers<Answer>();
  const late = setTimeout(() => reject(new Error(`the clients did not ${order.do} within 60 s`)), answersWithinMs);
  const gone = (): void => reject(new Error('the process of the clients ended'));
  child.once('exit', gone).once('message', (message) => resolve(message as Answer));
  child.send(order);
  return promise.finally(() => {
    clearTimeout(late);
    child.removeListener('exit', gone);
  });
}
