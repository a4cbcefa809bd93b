/** Clients that go away, and clients that never get to the end: what is held for them has to be let go of. */
import type { Socket } from 'node:net';
import type { ClientFault } from '../../../scenarios/client-faults.ts';
import { HarnessError } from '../../model/errors.ts';
import type { FaultContext, Injector } from '../../model/injector.ts';
import type { World } from '../../model/ports.ts';
import { HeldByStep } from '../held-by-step.ts';
import { untilProven } from '../until.ts';
import { BadClients } from './bad-clients.ts';

type Of<K extends ClientFault['kind']> = Extract<ClientFault, { kind: K }>;

/** Of every scenario: it never changes. */
const path = '/settled/0';
/** Sooner than a slow upstream answers. Milliseconds. */
const goneAfterMs = 30;
const shownShare = 0.5;
const measuredMs = 500;

const held = new HeldByStep<BadClients>();

const ends = {
  async heal(_fault: ClientFault, world: World, { step }: Pick<FaultContext, 'step'>): Promise<void> {
    held.take(world, step)?.[Symbol.dispose]();
  },
  async verifyHealed(_fault: ClientFault, world: World, { step }: Pick<FaultContext, 'step'>): Promise<string> {
    if (held.get(world, step) !== undefined) throw new HarnessError('HEAL_FAILED', 'bad clients are still there');
    return 'no bad client is there any more';
  },
};

const abandon: Injector<Of<'client.abandon'>> = {
  about: {
    hop: 'client->gateway',
    does: 'clients send requests and go away before the answer, with a FIN, a reset, or a reset within their body',
    proof: 'at least half of the planned requests were sent and left before a byte of the answer came',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject({ perSecond }, world, { step }) {
    const clients = held.set(world, step, new BadClients(world.gateway.traffic));
    let turn = 0;
    clients.every(1_000 / perSecond, () => {
      const leave = ways[turn++ % ways.length];
      if (leave !== undefined) clients.send((socket, host) => leave(socket, host, () => clients.done++));
    });
    return { atMs: performance.now() };
  },

  verify({ perSecond }, world, { atMs = 0 }, { step, signal }) {
    let rate = 0;
    const look = async (): Promise<string | undefined> => {
      const afterMs = performance.now() - atMs;
      rate = (1_000 * (held.get(world, step)?.done ?? 0)) / afterMs;
      const enough = afterMs >= measuredMs && rate >= shownShare * perSecond;
      return enough ? `${rate.toFixed(0)} requests a second were sent and left` : undefined;
    };
    return untilProven(look, () => `${rate.toFixed(0)} requests a second were left; planned were ${perSecond}`, signal);
  },

  ...ends,
};

type Leave = (socket: Socket, host: string, left: () => void) => void;

const ways: readonly Leave[] = [
  (socket, host, left) => leaveAfter(socket, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, left, () => socket.end()),
  (socket, host, left) =>
    leaveAfter(socket, `GET ${path} HTTP/1.1\r\nHost: ${host}\r\n\r\n`, left, () => socket.resetAndDestroy()),
  (socket, host, left) =>
    leaveAfter(socket, `POST ${path} HTTP/1.1\r\nHost: ${host}\r\nContent-Length: 1000\r\n\r\nhalf`, left, () =>
      socket.resetAndDestroy(),
    ),
];

function leaveAfter(socket: Socket, text: string, left: () => void, leave: () => void): void {
  socket.write(text);
  setTimeout(() => {
    // Whoever has an answer goes away after it, as everybody does.
    if (socket.bytesRead === 0) left();
    leave();
  }, goneAfterMs);
}

const stall: Injector<Of<'client.stall'>> = {
  about: {
    hop: 'client->gateway',
    does: 'clients connect, send half of a request, and then nothing more',
    proof: 'all of them were connected at one moment, or the gateway has closed some by then',
  },
  unsupported: () => undefined,
  prepare: async () => undefined,

  async inject({ connections }, world, { step }) {
    const clients = held.set(world, step, new BadClients(world.gateway.traffic));
    for (let count = 0; count < connections; count++)
      clients.send((socket, host) => {
        socket.write(`GET ${path} HTTP/1.1\r\nHost: ${host}\r\nX-Half: `);
        clients.done++;
      });
    return {};
  },

  verify({ connections }, world, _before, { step, signal }) {
    let sent = 0;
    const look = async (): Promise<string | undefined> => {
      const clients = held.get(world, step);
      sent = clients?.done ?? 0;
      return sent < connections
        ? undefined
        : `${sent} clients sent half of a request; ${clients?.open ?? 0} are connected`;
    };
    return untilProven(look, () => `${sent} of ${connections} clients sent half of a request`, signal);
  },

  ...ends,
};

export const clientInjectors: {
  readonly 'client.abandon': Injector<Of<'client.abandon'>>;
  readonly 'client.stall': Injector<Of<'client.stall'>>;
} = { 'client.abandon': abandon, 'client.stall': stall };
