/** The client library keeps a key of its own in etcd and writes it with each message of the watch. */
import { Etcd3 } from 'etcd3';
import { unaryOptions } from '../../etcd/access.ts';
import type { Mutant } from '../mutant.ts';
import { type Message, withSource } from './with-source.ts';

export const writeOnWatch: Mutant = {
  name: 'write-on-watch',
  kind: 'known-bad',
  summary: 'the data plane writes to etcd while it watches',
  corpus: 'R28',
  anchor: 'traefik/traefik#1965',
  scenario: 'watch-cut',
  subject: 'read-only',
  wrap: (seams) =>
    withSource(seams, (source, { access, prefix }) => {
      const unary = new Etcd3(unaryOptions(access));
      async function* writing(messages: AsyncIterable<Message>): AsyncIterable<Message> {
        for await (const message of messages) {
          // Outside the watched prefix, or it would feed itself.
          unary
            .put(`/gateway-watch${prefix}`)
            .value(String(message.position.revision))
            .exec()
            .catch(() => undefined);
          yield message;
        }
      }
      return { watch: (from, signal) => writing(source.watch(from, signal)) };
    }),
};
