/**
 * The ports of one pod. Those that are asked for before it starts, and some more, are published when it starts: later none
 * can be added. Until then each is held, so that nobody else takes it.
 */
import { randomInt } from 'node:crypto';
import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { HarnessError } from '../../model/errors.ts';
import { portRange } from '../free-port.ts';

/** For what is launched later, where nobody knows how much that is. */
const usualSpare = 24;

/** Of all pods of this process: between its release and its use a port is free for everybody else. */
const taken = new Set<number>();

export type Protocol = 'tcp' | 'udp';

export interface Port {
  readonly port: number;
  readonly protocol: Protocol;
}

interface Held extends Port {
  release(): Promise<void>;
}

export class PortPool {
  #held: Promise<Held>[] = [];
  #published: Promise<readonly Port[]> | undefined;
  #spare: number[] = [];
  readonly #own: number[] = [];
  readonly #later: number;

  /** `later`: how many may be taken when the pod runs. */
  constructor(later: number = usualSpare) {
    this.#later = later;
  }

  /** One that nobody has; of those that are published already when the pod runs. */
  async take(protocol: Protocol = 'tcp'): Promise<number> {
    if (this.#published === undefined) {
      const held = this.#hold(protocol);
      this.#held.push(held);
      return (await held).port;
    }
    await this.#published;
    const port = protocol === 'tcp' ? this.#spare.shift() : undefined;
    if (port !== undefined) return port;
    throw new HarnessError(
      'PORTS_USED_UP',
      `the trial wants more than ${this.#later} ${protocol} ports after its start`,
      {
        hint: 'a pod publishes its ports when it starts; start fewer gateways at once, or run by processes',
      },
    );
  }

  /** Lets go of all that were taken and of the spare ones, for the pod to publish. Once. */
  publish(): Promise<readonly Port[]> {
    this.#published ??= this.#release();
    return this.#published;
  }

  async #release(): Promise<readonly Port[]> {
    const more = Array.from({ length: this.#later }, () => this.#hold('tcp'));
    const held = await Promise.all([...this.#held, ...more]);
    this.#held = [];
    this.#spare = held.slice(held.length - this.#later).map(({ port }) => port);
    await Promise.all(held.map((each) => each.release()));
    return held.map(({ port, protocol }) => ({ port, protocol }));
  }

  async #hold(protocol: Protocol): Promise<Held> {
    const held = await hold(protocol);
    this.#own.push(held.port);
    return held;
  }

  /** When the pod is gone, or never was. */
  async letGo(): Promise<void> {
    await Promise.all(this.#held.map(async (held) => (await held).release()));
    this.#held = [];
    for (const port of this.#own.splice(0)) taken.delete(port);
  }
}

async function hold(protocol: Protocol): Promise<Held> {
  for (;;) {
    const { from, to } = portRange();
    const port = randomInt(from, to);
    if (taken.has(port)) continue;
    taken.add(port);
    try {
      return { port, protocol, release: await occupy(port, protocol) };
    } catch (error) {
      taken.delete(port);
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error;
    }
  }
}

/** Resolves with what ends it; rejects with EADDRINUSE. */
async function occupy(port: number, protocol: Protocol): Promise<() => Promise<void>> {
  const socket = protocol === 'tcp' ? createServer() : createSocket('udp4');
  const listening = once(socket, 'listening');
  if ('bind' in socket) socket.bind(port, '127.0.0.1');
  else socket.listen(port, '127.0.0.1');
  await listening;
  return async () => {
    const closed = once(socket, 'close');
    socket.close();
    await closed;
  };
}
