/** A range over gRPC, with what the headers of its answer say. */
import { Client, Metadata, credentials, status } from '@grpc/grpc-js';
import { type RawRangeRequest, type RawRangeResponse, rpc } from '../../gateway/etcd/rpc.ts';

export interface GrpcRange {
  /** gRPC's own. */
  readonly code: status;
  readonly range: RawRangeResponse | undefined;
  readonly header: (name: string) => string | undefined;
}

/** `withinMs`: how long it waits for an answer. Milliseconds. */
export async function askGrpcRange(
  url: URL,
  request: RawRangeRequest,
  token = '',
  withinMs = 5_000,
): Promise<GrpcRange> {
  const client = new Client(url.host, credentials.createInsecure(), { 'grpc.use_local_subchannel_pool': 1 });
  const { path, requestSerialize, responseDeserialize } = rpc.range;
  const sent = new Metadata();
  if (token !== '') sent.set('token', token);
  const options = { deadline: Date.now() + withinMs };
  let headers = new Metadata();
  try {
    return await new Promise((resolve) => {
      const header = (name: string): string | undefined => headers.get(name)[0]?.toString();
      const call = client.makeUnaryRequest(
        path,
        requestSerialize,
        responseDeserialize,
        request,
        sent,
        options,
        (error, range) => resolve({ code: error?.code ?? status.OK, range, header }),
      );
      call.on('metadata', (received) => (headers = received));
    });
  } finally {
    client.close();
  }
}
