/** One request on its way through the gateway: what the client asked for, and what will be asked of the upstream. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Consumer, Upstream } from '../config/config-objects.ts';
import type { BoundPlugin } from '../plugins/plugin.ts';
import type { Match } from '../routing/placed.ts';
import { matchedPath } from '../routing/request-path.ts';
import type { MatchRequest } from '../routing/router.ts';
import { toldBy } from './forwarded.ts';
import type { Facilities } from './gateway-state.ts';
import { HeaderList } from './header-list.ts';
import { type Peer, peerOf } from './peer.ts';
import { originForm } from './request-target.ts';
import type { ClientUpgrade } from './upgrade.ts';
import { variableOf } from './variables.ts';

export class RequestContext implements MatchRequest {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly gateway: Facilities;
  readonly peer: Peer;
  readonly method: string;
  readonly host: string;
  /** As on the request line, without the query. */
  readonly path: string;
  /** With its question mark; empty without. */
  readonly query: string;
  readonly startedAt: number = performance.now();
  match: Match | undefined;
  /** Whoever a plugin has found the client to be. */
  consumer: Consumer | undefined;
  /** What is asked of the upstream: path with its query. */
  target: string;
  upstreamMethod: string;
  /** Over the Host header that the upstream's `pass_host` would choose. */
  upstreamHost: string | undefined;
  /** Over the upstream of the route. */
  upstream: Upstream | undefined;
  /** The upstream answered with this; 0 before, or when the gateway answered itself. */
  upstreamStatus = 0;
  /** Everything that the request goes through, in order. */
  plugins: readonly BoundPlugin[] = [];
  #edits: HeaderEdits | undefined;
  #uri: string | undefined;

  /** Set when the client wants to change to the WebSocket protocol and the route lets it. */
  upgrade: ClientUpgrade | undefined;

  /** Set by the plugin that gives requests a name. */
  requestId: string | undefined;
  /** When it was first sent to an upstream. */
  upstreamStartedAt: number | undefined;

  constructor(request: IncomingMessage, response: ServerResponse, gateway: Facilities) {
    this.gateway = gateway;
    this.request = request;
    this.response = response;
    this.peer = peerOf(request.socket, gateway.trusts);
    this.method = request.method ?? 'GET';
    this.target = originForm(request);
    this.host = request.headers.host ?? '';
    const question = this.target.indexOf('?');
    this.path = question < 0 ? this.target : this.target.slice(0, question);
    this.query = question < 0 ? '' : this.target.slice(question);
    this.upstreamMethod = this.method;
  }

  /** The path as routes are matched against it, decoded; as it stands where it cannot be read. */
  get uri(): string {
    return (this.#uri ??= matchedPath(this.path) ?? this.path);
  }

  get scheme(): 'http' | 'https' {
    return this.peer.scheme;
  }

  get remoteAddress(): string {
    return this.peer.address;
  }

  /** The first value of a header of the client, as far as it is believed. Any case. */
  header(name: string): string | undefined {
    const { headers } = this.request;
    const known = name.toLowerCase();
    const told = toldBy(known)?.(this);
    if (told !== undefined) return told === '' ? undefined : told;
    // A name may come from the configuration: `constructor` is no header.
    if (!Object.hasOwn(headers, known)) return undefined;
    const value = headers[known];
    return Array.isArray(value) ? value[0] : value;
  }

  /** By the names of nginx and APISIX: `uri`, `host`, `remote_addr`, `arg_id`, `http_x_version`, `cookie_session`, … */
  variable(name: string): string | undefined {
    return variableOf(this, name);
  }

  /** Changes to the headers that the upstream sees. */
  get upstreamHeaders(): HeaderEdits {
    return (this.#edits ??= new HeaderEdits());
  }

  /** Those changes, when there are any. */
  get headerEdits(): HeaderEdits | undefined {
    return this.#edits;
  }
}

interface HeaderChange {
  readonly how: 'set' | 'append' | 'delete';
  readonly name: string;
  /** Empty for one that goes. */
  readonly value: string;
}

/** Changes to a list of headers, kept until the list is made. */
export class HeaderEdits {
  readonly #changes: HeaderChange[] = [];

  set(name: string, value: string): void {
    this.#changes.push({ how: 'set', name, value });
  }

  append(name: string, value: string): void {
    this.#changes.push({ how: 'append', name, value });
  }

  delete(name: string): void {
    this.#changes.push({ how: 'delete', name, value: '' });
  }

  applyTo(flat: string[]): string[] {
    const headers = new HeaderList(flat);
    for (const { how, name, value } of this.#changes) {
      if (how === 'delete') headers.delete(name);
      else headers[how](name, value);
    }
    return headers.flat;
  }
}
