import type { ConformanceRequest } from '../../conformance.ts';
import { echoed } from '../request.ts';

const methods = [
  'GET',
  'HEAD',
  'POST',
  'PUT',
  'PATCH',
  'DELETE',
  'OPTIONS',
  'TRACE',
  'PROPFIND',
  'PURGE',
  'BREW',
  'get',
];
const bodies: Readonly<Record<string, { readonly headers: readonly string[]; readonly body?: string }>> = {
  'no body': { headers: [] },
  'a length': { headers: ['Content-Length: 5'], body: 'hello' },
  chunks: { headers: ['Transfer-Encoding: chunked'], body: '3\r\nhel\r\n2\r\nlo\r\n0\r\n\r\n' },
};

/** Each method with and without a body, to a route for all of them and to one for GET and POST. */
export const everyMethod: readonly ConformanceRequest[] = methods.flatMap((method) => [
  ...Object.entries(bodies).map(([what, { headers, ...sent }]) => ({
    ...echoed(`${method} with ${what}`, `${method} /all/m`, ...headers),
    ...sent,
  })),
  echoed(`${method} where GET and POST are allowed`, `${method} /some`),
]);
