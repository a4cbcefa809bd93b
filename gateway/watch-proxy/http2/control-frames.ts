/** The frames by which the two sides of a connection steer each other. */
import type { ErrorCode } from './errors.ts';
import { Flag, FrameType, frame } from './frames.ts';

export const pingBytes = 8;

/** `data`: eight bytes. */
export function ping(data: Uint8Array): Buffer {
  return frame(FrameType.ping, Flag.none, 0, data);
}

export function pingAnswer(data: Uint8Array): Buffer {
  return frame(FrameType.ping, Flag.ack, 0, data);
}

export const settingsAnswer: Buffer = frame(FrameType.settings, Flag.ack, 0, Buffer.alloc(0));

/** Stream 0: the connection. */
export function windowUpdate(streamId: number, increment: number): Buffer {
  return frame(FrameType.windowUpdate, Flag.none, streamId, numbers(increment));
}

export function resetStream(streamId: number, code: ErrorCode): Buffer {
  return frame(FrameType.reset, Flag.none, streamId, numbers(code));
}

/** `lastStream`: the streams after it were not looked at. */
export function goAway(lastStream: number, code: ErrorCode, reason: string): Buffer {
  return frame(FrameType.goAway, Flag.none, 0, Buffer.concat([numbers(lastStream, code), Buffer.from(reason)]));
}

function numbers(...values: readonly number[]): Buffer {
  const bytes = Buffer.allocUnsafe(values.length * 4);
  for (const [index, value] of values.entries()) bytes.writeUInt32BE(value, index * 4);
  return bytes;
}
