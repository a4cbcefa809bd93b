/**
 * What the client may still be sent, and what of its credit etcd has had already.
 *
 * Flow control is between the two ends: the client's WINDOW_UPDATE frames go to etcd. Where the link takes bytes from
 * etcd for itself, to swallow, keep or change them, it gives etcd the credit at once, so that all other streams of the
 * connection live. The client's own credit for what it is sent in their place then must not reach etcd a second time.
 */
export class Window {
  left: number;
  #ahead = 0;

  constructor(left: number) {
    this.left = left;
  }

  /** Sent as it came: the credit for it goes to etcd. */
  passed(bytes: number): void {
    this.left -= bytes;
  }

  /** Sent by the link. */
  sent(bytes: number): void {
    this.left -= bytes;
    this.#ahead += bytes;
  }

  /** The client gives credit; returns how much of it is etcd's. */
  opened(bytes: number): number {
    this.left += bytes;
    const own = Math.min(bytes, this.#ahead);
    this.#ahead -= own;
    return bytes - own;
  }
}
