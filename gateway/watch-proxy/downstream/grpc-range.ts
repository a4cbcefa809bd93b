/** A read over gRPC: answered from the mirror where that may be, else by etcd. */
import { type RawRangeRequest, rpc } from '../../etcd/rpc.ts';
import type { Http2Stream } from '../http2/stream.ts';
import type { GrpcPassage } from '../upstream/pass-grpc.ts';
import { FrameSplitter, framed } from './messages.ts';
import { mirrorAnswer, mostRangeBytes } from './mirror-range.ts';
import type { WatchService } from './watch-session.ts';

interface RangeOptions {
  readonly service: WatchService;
  readonly grpc: GrpcPassage;
}

export function serveGrpcRange(stream: Http2Stream, options: RangeOptions): void {
  let body: Buffer = Buffer.alloc(0);
  stream.listen({
    data(bytes) {
      body = body.length === 0 ? bytes : Buffer.concat([body, bytes]);
      if (body.length > mostRangeBytes) options.grpc.pass(stream, { bytes: body, isWhole: false });
    },
    end: () => void answer(stream, body, options),
    drain: () => undefined,
    close: () => undefined,
  });
}

async function answer(stream: Http2Stream, body: Buffer, { service, grpc }: RangeOptions): Promise<void> {
  const answer = await mirrorAnswer(service, wishOf(body), stream.headers);
  if (stream.isClosed) return;
  if (answer === undefined) return grpc.pass(stream, { bytes: body, isWhole: true });
  stream.respond([[':status', '200'], ['content-type', 'application/grpc'], ...Object.entries(answer.marks)]);
  stream.write(framed(rpc.range.responseSerialize(answer.range)));
  stream.end([['grpc-status', '0']]);
}

/** Undefined when it is none, or not one alone: etcd says what is wrong with it. */
function wishOf(body: Buffer): RawRangeRequest | undefined {
  try {
    const messages = new FrameSplitter(mostRangeBytes).push(body);
    const [first] = messages;
    return first === undefined || messages.length > 1 ? undefined : rpc.range.requestDeserialize(first);
  } catch {
    return undefined;
  }
}
