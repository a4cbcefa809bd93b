/** The highest revision ever seen is kept for good; what an etcd that was restored says below it is taken for old news. */
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

export const lowerRevisionIgnored: Mutant = {
  name: 'lower-revision-ignored',
  kind: 'known-bad',
  summary: 'after etcd was restored to an older state, changes are ignored until it has caught up',
  corpus: 'R10',
  anchor: 'apache/apisix#12015',
  scenario: 'etcd-restored',
  subject: 'converge',
  wrap: (seams) =>
    withSource(seams, (source) => {
      let highest: Message['position'] | undefined;
      const raised = (position: Message['position']): Message['position'] => {
        if (highest === undefined || position.revision > highest.revision) highest = position;
        return highest;
      };
      async function* raising(from: bigint, signal: AbortSignal): AsyncIterable<Message> {
        // etcd itself would wait for that revision: it is asked from where it is.
        const { revision } = await source.position();
        const start = revision + 1n < from ? revision + 1n : from;
        for await (const message of source.watch(start, signal)) {
          const known = highest?.revision ?? 0n;
          const items = message.items.filter(({ modRevision }) => modRevision > known);
          const kind = message.kind === 'events' && items.length === 0 ? 'alive' : message.kind;
          yield { ...message, kind, items, position: raised(message.position) };
        }
      }
      return {
        watch: raising,
        position: async () => raised(await source.position()),
        async snapshot() {
          const snapshot = await source.snapshot();
          return { ...snapshot, position: raised(snapshot.position) };
        },
      };
    }),
};
