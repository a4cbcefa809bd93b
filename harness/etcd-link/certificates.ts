/** What the link shows to gateways that come over TLS: its own certificate, or one whose time is over. */
import type { Socket } from 'node:net';
import { type SecureContext, type SecureContextOptions, TLSSocket, createSecureContext } from 'node:tls';
import type { ShownCertificate } from '../model/etcd-link.ts';
import { alpn } from './dial.ts';

export class Certificates {
  readonly #contexts: Readonly<Record<ShownCertificate, SecureContext | undefined>>;
  #shown: ShownCertificate = 'own';

  /** Without a certificate of its own the link is spoken to in the clear. */
  constructor(certificates: Readonly<Record<ShownCertificate, SecureContextOptions | undefined>>) {
    const { own, expired } = certificates;
    this.#contexts = { own: own && createSecureContext(own), expired: expired && createSecureContext(expired) };
  }

  /** To connections that come from now on; those that are open live on. */
  show(which: ShownCertificate): void {
    if (this.#contexts[which] === undefined) throw new TypeError(`the link has no certificate "${which}"`);
    this.#shown = which;
  }

  get broken(): boolean {
    return this.#shown !== 'own';
  }

  heal(): void {
    this.#shown = 'own';
  }

  /** What a gateway's connection is made of: itself, or TLS. */
  open(socket: Socket): Socket {
    const secureContext = this.#contexts[this.#shown];
    if (secureContext === undefined) return socket;
    return new TLSSocket(socket, { isServer: true, secureContext, ALPNProtocols: Object.values(alpn) });
  }
}
