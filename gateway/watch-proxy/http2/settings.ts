/** Settings of an HTTP/2 connection (RFC 9113, 6.5): what we tell clients, and what they tell us. */
import { ConnectionError, ErrorCode } from './errors.ts';
import { Flag, type Frame, FrameType, frame, leastMaxFrame } from './frames.ts';

const largestFrame = 2 ** 24 - 1;
const entryBytes = 6;

const Setting = {
  enablePush: 0x2,
  maxConcurrentStreams: 0x3,
  initialWindowSize: 0x4,
  maxFrameSize: 0x5,
  maxHeaderListSize: 0x6,
} as const;

export const mostStreams = 1_000;
/** Of names and values of one request together. Bytes. */
export const mostHeaderBytes = 65_536;
/** What a client may send before we have taken any of it. Bytes. */
export const receiveWindow: { readonly stream: number; readonly connection: number } = {
  stream: 262_144,
  connection: 1_048_576,
};
/** Until something else is said. Bytes. */
export const plainWindow = 65_535;
/** No window may be larger. */
export const largestWindow = 2_147_483_647;

export const ourSettings: Buffer = settingsFrame([
  [Setting.maxConcurrentStreams, mostStreams],
  [Setting.initialWindowSize, receiveWindow.stream],
  [Setting.maxHeaderListSize, mostHeaderBytes],
]);

function settingsFrame(settings: readonly (readonly [id: number, value: number])[]): Buffer {
  const payload = Buffer.alloc(settings.length * entryBytes);
  for (const [index, [id, value]] of settings.entries()) {
    payload.writeUInt16BE(id, index * entryBytes);
    payload.writeUInt32BE(value, index * entryBytes + 2);
  }
  return frame(FrameType.settings, Flag.none, 0, payload);
}

/** What of the client's settings matters to whoever sends to it. Absent: as it was. */
export interface PeerSettings {
  readonly initialWindow?: number;
  readonly maxFrame?: number;
}

/** The later of two values of one setting holds. Throws at values that are not allowed. */
export function readSettings({ payload }: Frame): PeerSettings {
  if (payload.length % entryBytes !== 0) throw new ConnectionError(ErrorCode.frameSize, 'half a setting');
  let settings: PeerSettings = {};
  for (let at = 0; at < payload.length; at += entryBytes) {
    settings = { ...settings, ...settingOf(payload.readUInt16BE(at), payload.readUInt32BE(at + 2)) };
  }
  return settings;
}

/** The table of HPACK, the streams that we may open (none) and the headers that it takes are nothing that we use up. */
function settingOf(id: number, value: number): PeerSettings {
  if (id === Setting.enablePush && value > 1) {
    throw new ConnectionError(ErrorCode.protocol, 'ENABLE_PUSH is 0 or 1');
  }
  if (id === Setting.initialWindowSize) {
    if (value > largestWindow) throw new ConnectionError(ErrorCode.flowControl, 'INITIAL_WINDOW_SIZE is too large');
    return { initialWindow: value };
  }
  if (id === Setting.maxFrameSize) {
    if (value < leastMaxFrame || value > largestFrame) {
      throw new ConnectionError(ErrorCode.protocol, 'MAX_FRAME_SIZE is out of bounds');
    }
    return { maxFrame: value };
  }
  return {};
}
