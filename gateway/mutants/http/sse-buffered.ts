/** The body of an answer is held until it is whole. */
import type { ServerResponse } from 'node:http';
import type { Mutant } from '../mutant.ts';
import { onRequests } from './on-requests.ts';

export const sseBuffered: Mutant = {
  name: 'sse-buffered',
  kind: 'known-bad',
  summary: 'a streaming answer arrives in one lump at its end',
  corpus: 'R80',
  anchor: 'apache/apisix#12665, apache/apisix#11977',
  scenario: 'http-messages',
  subject: 'conformance',
  wrap: (seams) =>
    onRequests(seams, (_request, response) => {
      const write = response.write.bind(response) as (chunk: string | Uint8Array, encoding: 'latin1') => boolean;
      const end = response.end.bind(response) as (...last: readonly unknown[]) => ServerResponse;
      const held: (string | Uint8Array)[] = [];
      response.flushHeaders = () => undefined;
      response.write = ((chunk: string | Uint8Array) => {
        held.push(chunk);
        return true;
      }) as ServerResponse['write'];
      response.end = ((...last: readonly unknown[]) => {
        for (const chunk of held) write(chunk, 'latin1');
        return end(...last);
      }) as ServerResponse['end'];
    }),
};
