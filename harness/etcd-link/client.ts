/** The etcd link as the harness holds it: its controls, and the heartbeat that keeps a fault alive. */
import { HarnessError } from '../model/errors.ts';
import type { EtcdLink, LinkCounters } from '../model/ports.ts';

/** A third of the link's patience. Milliseconds. */
const heartbeatEveryMs = 1_000;
const answerWithinMs = 5_000;

export function connectLink(control: URL, address: URL): EtcdLink & Disposable {
  const heartbeat = setInterval(() => {
    // A link that is gone is noticed by whoever asks it for something.
    void ask(control, 'POST', '/heartbeat').catch(() => undefined);
  }, heartbeatEveryMs).unref();
  return {
    address,
    async inject(fault, seed) {
      await ask(control, 'POST', '/faults', { fault, seed });
    },
    async heal(fault) {
      await ask(control, 'POST', '/heal', fault === undefined ? {} : { fault });
    },
    async show(certificate) {
      await ask(control, 'POST', '/certificate', { show: certificate });
    },
    counters: async () => (await ask(control, 'GET', '/counters')) as LinkCounters,
    [Symbol.dispose]: () => clearInterval(heartbeat),
  };
}

async function ask(control: URL, method: 'GET' | 'POST', path: string, body?: object): Promise<unknown> {
  const what = `${method} ${path} of the etcd link at ${control.host}`;
  let answer: Response;
  try {
    const signal = AbortSignal.timeout(answerWithinMs);
    answer = await fetch(new URL(path, control), {
      method,
      signal,
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new HarnessError('LINK_NOT_READY', `${what} failed`, { cause });
  }
  const text = await answer.text();
  if (!answer.ok) throw new HarnessError('LINK_NOT_READY', `${what} answered ${answer.status}: ${text}`);
  return JSON.parse(text);
}
