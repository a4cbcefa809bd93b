/** Events wait behind other traffic on their connection. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

const usual = 500;

async function* late(messages: AsyncIterable<Message>, ms: number): AsyncIterable<Message> {
  for await (const message of messages) {
    if (message.items.length > 0) await sleep(ms);
    yield message;
  }
}

export const starveWatch: Mutant = {
  name: 'starve-watch',
  kind: 'known-bad',
  summary: 'every message of a watch is read late',
  corpus: 'R23',
  anchor: 'etcd-io/etcd#15402, etcd-io/etcd#16839',
  scenario: 'none',
  subject: 'write-visible-delay',
  dose: { unit: 'milliseconds', usual },
  wrap: (seams, ms = usual) =>
    withSource(seams, (source) => ({ watch: (from, signal) => late(source.watch(from, signal), ms) })),
};
