/** Where a watch is while nothing happens: asked for, and told again and again. */
import { putBy } from '../support/etcd-json.ts';
import { until } from '../support/http.ts';
import { base64 } from './json-rows.ts';
import type { Answer, Row } from './row.ts';
import { type Line, type Request, type Stream, openStream } from './watch-stream.ts';

/** How often etcd, and the proxy, tell watches that want to hear. Milliseconds. */
export const progressMs = 200;

const range = { key: base64('/apisix/'), range_end: base64('/apisix0') };
const ways = ['JSON', 'gRPC'] as const;

/** The first response that bears nothing. */
async function told(stream: Stream): Promise<Line> {
  const isNotice = ({ created, events = [] }: Line): boolean => created !== true && events.length === 0;
  const found = (): Line | undefined => stream.lines.find(isNotice);
  await until(() => found() !== undefined, 'it is told where it is');
  return found() ?? {};
}

function rows(
  what: string,
  requests: readonly Request[],
  before: (url: URL) => Promise<unknown> = async () => undefined,
): readonly Row[] {
  const ask = async (way: (typeof ways)[number], url: URL): Promise<Answer> => {
    await before(url);
    using stream = openStream(way, url, requests);
    return { summary: 'progress', content: await told(stream) };
  };
  // What etcd has beyond the range, the proxy hears of a moment later.
  return ways.map((way): Row => ({ area: 'progress', what, way, mirrored: true, ask: (url) => ask(way, url) }));
}

function writtenBeside(url: URL): Promise<unknown> {
  return putBy(url, '/beside', 'x');
}

export const progressRows: readonly Row[] = [
  ...rows('asked for on a stream with one watch', [{ create_request: range }, { progress_request: {} }]),
  ...rows('told to a watch that wants to hear', [{ create_request: { ...range, progress_notify: true } }]),
  // From now on is then ahead of all that was ever told of the range.
  ...rows(
    'asked for where others have just written',
    [{ create_request: range }, { progress_request: {} }],
    writtenBeside,
  ),
  ...rows(
    'told where others have just written',
    [{ create_request: { ...range, progress_notify: true } }],
    writtenBeside,
  ),
];
