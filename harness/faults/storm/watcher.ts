/** Watchers that only read: each what one more gateway worker is to etcd, or to what stands before it. */
import { openGrpcWatch } from './grpc-watch.ts';

/** Watches that are being opened at one time: more would overflow the queue of the listening socket. */
const opening = 100;
const againAfterMs = 1_000;

export interface Watchers {
  readonly count: number;
  readonly prefix: string;
}

/** Opens them, at all members alike, and reads for ever. A watch that is lost comes back after a second, as those of gateways do. */
export function openWatchers(members: readonly URL[], { count, prefix }: Watchers): void {
  let opened = 0;
  const next = (): void => {
    const etcd = members[opened % members.length];
    if (opened++ < count && etcd !== undefined) open(etcd, prefix, next);
  };
  for (let index = 0; index < opening; index++) next();
}

function open(etcd: URL, prefix: string, confirmed: () => void): void {
  let onCreated = confirmed;
  const lost = (): void => {
    if (socket.destroyed) return;
    socket.destroy();
    setTimeout(() => open(etcd, prefix, onCreated), againAfterMs);
  };
  const created = (): void => {
    onCreated();
    onCreated = () => undefined;
  };
  const socket = openGrpcWatch(etcd, prefix, { created, data: () => undefined, lost });
}
