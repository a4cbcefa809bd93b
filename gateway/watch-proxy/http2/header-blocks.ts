/** Header blocks from HEADERS and the CONTINUATION frames that must follow at once (RFC 9113, 6.10). */
import { ConnectionError, ErrorCode } from './errors.ts';
import { Flag, type Frame, FrameType, contentOf } from './frames.ts';
import { mostHeaderBytes } from './settings.ts';

export interface HeaderBlock {
  readonly streamId: number;
  readonly endStream: boolean;
  readonly bytes: Buffer;
}

export class HeaderBlocks {
  #open: { readonly first: Frame; readonly parts: Buffer[]; bytes: number } | undefined;

  /** Whether the next frame must be a CONTINUATION of this stream. */
  get unfinished(): number | undefined {
    return this.#open?.first.streamId;
  }

  /** The block, once it is whole. */
  take(frame: Frame): HeaderBlock | undefined {
    if (frame.type === FrameType.headers) this.#open = { first: frame, parts: [], bytes: 0 };
    const open = this.#open;
    if (open === undefined) throw new ConnectionError(ErrorCode.protocol, 'CONTINUATION without HEADERS');
    const part = contentOf(frame);
    open.parts.push(part);
    open.bytes += part.length;
    // However it is coded, it is not smaller than this: it would be refused, and held until then.
    if (open.bytes > mostHeaderBytes)
      throw new ConnectionError(ErrorCode.enhanceYourCalm, 'a header block is too large');
    if ((frame.flags & Flag.endHeaders) === 0) return undefined;
    this.#open = undefined;
    const { streamId, flags } = open.first;
    const [first] = open.parts;
    const bytes = open.parts.length === 1 && first !== undefined ? first : Buffer.concat(open.parts);
    return { streamId, endStream: (flags & Flag.endStream) !== 0, bytes };
  }
}
